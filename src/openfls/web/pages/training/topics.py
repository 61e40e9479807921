"""A topic: its lesson to read here, on paper or as PDF, and its check questions with their explanations."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from openfls.service.training.learning import answer_check, asked, read_lesson
from openfls.service.training.library import course_of, topic_called
from openfls.service.training.progress import progress
from openfls.training.as_html import case_html, lesson_html, notes_html
from openfls.training.marking import NotAnswered
from openfls.training.papers import item_of, practice
from openfls.training.printing import lesson_pdf
from openfls.training.text import Notes
from openfls.training.values import WORDS_A_MINUTE, Topic
from openfls.web.guard import Request, with_query
from openfls.web.pages.training.asking import asking, fields_of
from openfls.web.pages.training.telling import telling
from openfls.web.said import said


def _topic(key: str) -> Topic:
    found = topic_called(key)
    if found is None:
        raise Http404
    return found


@lru_cache(maxsize=64)
def _texts(topic: Topic) -> tuple[SafeString, SafeString, SafeString]:
    """Lesson, case and notes. Every text is escaped by the renderer."""
    notes = Notes()
    lesson, case = lesson_html(topic, notes), case_html(topic, notes)
    return mark_safe(lesson), mark_safe(case), mark_safe(notes_html(topic, notes))


def show(request: Request, key: str) -> HttpResponse:
    """The lesson. A POST says that it is read."""
    topic = _topic(key)
    if request.method == "POST":
        if "read" in request.POST:
            read_lesson(topic=topic, by=request.actor)
            said(request, "Kept: you have read this lesson.")
            return redirect("training-check", key)
        return redirect("training-topic", key)
    course = course_of(topic)
    found = progress(request.actor.service, request.user, course)
    (this,) = [one for one in found.topics if one.topic.id == topic.id]
    lesson, case, notes = _texts(topic)
    return render(
        request,
        "training/topic.jinja",
        {
            "here": "training",
            "topic": topic,
            "course": course,
            "this": this,
            "pace": WORDS_A_MINUTE,
            "lesson": lesson,
            "case": case,
            "notes": notes,
        },
    )


def pdf(request: Request, key: str) -> HttpResponse:
    """The lesson to take along."""
    topic = _topic(key)
    answer = HttpResponse(lesson_pdf(topic), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{topic.slug}.pdf"'
    return answer


def check(request: Request, key: str) -> HttpResponse:
    """The check questions one by one: ``q`` says which, ``seen`` shows the last answer with its explanation."""
    topic = _topic(key)
    course = course_of(topic)
    questions = practice(topic, course)
    if not questions:
        raise Http404
    number = _number(request.GET.get("q", "1"), len(questions))
    question = questions[number - 1]
    error, status = "", 200
    if request.method == "POST":
        try:
            answer_check(topic=topic, question=question.id, given=fields_of(request.POST), by=request.actor)
        except NotAnswered as fault:
            error, status = str(fault), 422
        else:
            return redirect(
                with_query(reverse("training-check", args=[key]), {"q": str(number), "seen": "1"})
            )
    state = asked(topic, question, request.actor)
    told = None
    if "seen" in request.GET and state.open is None and state.last is not None and not error:
        item = item_of(topic, question, Random(state.last.seed))
        told = telling(item, state.last.answers) if item.hash == state.last.hash else None
    so_far = telling(state.item, state.open.answers, steps=state.step) if state.open else None
    shown = asking(
        state.item, state.step, state.open.answers if state.open else [], request.POST if error else None
    )
    found = progress(request.actor.service, request.user, course)
    (this,) = [one for one in found.topics if one.topic.id == topic.id]
    after = next((one for one in found.topics if not one.complete and one.topic.id != topic.id), None)
    return render(
        request,
        "training/check.jinja",
        {
            "here": "training",
            "topic": topic,
            "course": course,
            "this": this,
            "after": after,
            "number": number,
            "of": len(questions),
            "asked": shown,
            "so_far": so_far,
            "told": told,
            "form_errors": error,
        },
        status=status,
    )


def _number(text: str, most: int) -> int:
    """A number from one to ``most``; one for anything else."""
    return int(text) if text.isdecimal() and 1 <= int(text) <= most else 1
