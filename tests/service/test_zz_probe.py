from service import test_guidance as tg
from openfls.investigation import evaluate
import pytest
pytestmark = pytest.mark.django_db
def test_probe(service, nurse):
    world, clock = tg.world, tg.clock
    episode = world.confirmed(nurse, site=tg.Site.ANKLE, on=world.TODAY - tg.timedelta(days=30))
    known = {field: False for field, one in tg.by_field().items() if one.kind is tg.QuestionKind.YES_NO}
    known |= {"height_cm": 160, "weight_kg": 60, "smoking": "never", "alcohol_units_week": 0}
    known |= {"ethnic_group": "white or not recorded", "falls_last_year": 1, "fracture_history_taken": True}
    tg.assessing.answer(episode=episode, answers=known, by=nurse)
    picture, scored = tg.scored_picture(episode, world.TODAY)
    before = tg.guidance_of(service, world.TODAY)
    after = tg.replace(before, settings={tg.NG259: {"consider_dxa_major_pct": 0.5}})
    out = ""
    for g in (before, after):
        e = evaluate(g.pack(tg.NG259), picture)
        out += f"{scored.result.major_osteoporotic_pct} {picture.age} {e.actions} {[(t.rule, str(t.answer)) for t in e.traces if 'dxa' in t.rule.lower() or '4' in t.rule]}\n"
    assert out == ""
