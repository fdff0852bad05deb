from tests.factories.people import make_user, make_team
from tests.factories.frameworks import make_framework
def test_make(app):
    user = make_user(); team = make_team("A", user); f = make_framework()
    assert user.id and team.id and f.id
