from service.test_upgrade import *
from service import migrated as mm
def test_x(release_27):
    print("TABLES", len(release_27), 'lane' in str(release_27['audit_event']), len(mm.tables(connection)))
def test_y(db):
    print("YT", len(mm.tables(connection)))
