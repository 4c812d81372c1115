"""One row out of many, found by typing: what the field takes and what it refuses."""

import pytest
from django import forms
from django.http import QueryDict

from circles.forms.picking import PickField
from circles.models import Place
from circles.permissions import Role
from circles.reports.choices import KINDS
from tests.factories import (
    AgencyFactory,
    CircleFactory,
    PersonFactory,
    TambonFactory,
    VillageFactory,
)


class PersonForm(forms.Form):
    person = PickField("people", label="คน")


class MaybeForm(forms.Form):
    village = PickField("villages", required=False, none_label="ไม่ระบุ")


@pytest.fixture
def admin(circle, roles):
    return roles.user(Role.TAMBON_ADMIN, circle.place.parent)


@pytest.fixture
def somsri(circle):
    return PersonFactory(first_name="สมศรี", village=circle.place)


def filled(form_class, user, now=None, **typed):
    data = QueryDict(mutable=True)
    data.update(typed)
    form = form_class(data)
    [field] = form.fields.values()
    field.bind(user, now)
    form.full_clean()
    return form


def code_of(form):
    [errors] = form.errors.as_data().values()
    [error] = errors
    return error.code


def test_one_fitting_row_needs_no_choice(admin, somsri):
    form = filled(PersonForm, admin, person_q="สมศรี")

    assert form.cleaned_data["person"] == somsri


def test_a_chosen_row_is_taken(admin, somsri):
    form = filled(PersonForm, admin, person=str(somsri.pk), person_q="อะไรก็ได้")

    assert form.cleaned_data["person"] == somsri


def test_several_fitting_rows_come_back_as_a_list(admin, somsri, circle):
    other = PersonFactory(first_name="สมศรี", last_name="สอง", village=circle.place)
    form = filled(PersonForm, admin, person_q="สมศรี")

    assert code_of(form) == "several"
    page = str(form["person"])
    assert f'value="{somsri.pk}"' in page
    assert f'value="{other.pk}"' in page
    assert 'value="สมศรี"' in page


def test_more_than_eight_say_so(admin, circle):
    PersonFactory.create_batch(9, first_name="สมศรี", village=circle.place)
    form = filled(PersonForm, admin, person_q="สมศรี")

    assert code_of(form) == "several"
    assert str(form["person"]).count('type="radio"') == 8
    assert form.fields["person"].widget.has_more


def test_nothing_fitting_keeps_what_was_typed(admin):
    form = filled(PersonForm, admin, person_q="ไม่มีใคร")

    assert code_of(form) == "unknown"
    assert "ไม่มีใคร" in str(form.errors)
    assert 'value="ไม่มีใคร"' in str(form["person"])


def test_nothing_at_all_is_required(admin):
    assert code_of(filled(PersonForm, admin)) == "required"
    assert code_of(filled(PersonForm, admin, person="0")) == "required"
    assert code_of(filled(PersonForm, admin, person_q="\u200b")) == "required"


def test_none_is_a_choice_where_it_is_offered(admin, circle):
    for typed in ({}, {"village": "0"}):
        form = filled(MaybeForm, admin, now=circle.place, **typed)
        assert form.is_valid()
        assert form.cleaned_data["village"] is None
    assert "ไม่ระบุ" in str(form["village"])


def test_typing_outweighs_none_that_nobody_chose(admin, circle):
    """Without JavaScript "none" is ticked from the start."""
    form = filled(MaybeForm, admin, village="0", village_q=circle.place.code)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["village"] == circle.place


@pytest.mark.parametrize(
    "forged",
    ["-1", "1.5", "x", "๑", "²", " 1", "9" * 15, "9" * 16, "9" * 40, "1;2", "None"],
)
def test_a_forged_number_is_refused_in_words(admin, forged):
    form = filled(PersonForm, admin, person=forged)

    assert code_of(form) == "gone"


def test_who_is_out_of_reach_can_be_neither_chosen_nor_typed(admin):
    stranger = PersonFactory(first_name="คนไกล", village=VillageFactory())

    assert code_of(filled(PersonForm, admin, person=str(stranger.pk))) == "gone"
    assert code_of(filled(PersonForm, admin, person_q="คนไกล")) == "unknown"


def test_a_place_of_another_kind_is_refused(admin, circle):
    tambon = circle.place.parent

    assert code_of(filled(MaybeForm, admin, village=str(tambon.pk))) == "gone"


def test_an_archived_place_is_no_choice(admin, circle):
    village = VillageFactory(parent=circle.place.parent, closed_on="2020-01-01")

    assert code_of(filled(MaybeForm, admin, village=str(village.pk))) == "gone"


def test_the_present_choice_stays_even_where_it_could_not_be_made_anew(admin):
    far = PersonFactory(first_name="คนไกล")
    form = filled(PersonForm, admin, now=far, person=str(far.pk))

    assert form.cleaned_data["person"] == far


def test_typing_over_the_present_choice_means_what_is_typed(admin, somsri):
    now = PersonFactory(first_name="คนเดิม")
    form = filled(PersonForm, admin, now=now, person=str(now.pk), person_q="สมศรี")

    assert form.cleaned_data["person"] == somsri


def test_typing_something_unknown_over_the_present_choice_is_no_yes(admin):
    now = PersonFactory(first_name="คนเดิม")
    form = filled(PersonForm, admin, now=now, person=str(now.pk), person_q="ไม่มี")

    assert code_of(form) == "unknown"


@pytest.mark.parametrize("typed", ["ก" * 101, "ก\x00ข", "ก\ufffdข"])
def test_hostile_text_is_refused_in_words(admin, typed):
    form = filled(PersonForm, admin, person_q=typed)

    assert form.errors
    assert len(str(form["person"])) < 3000


def test_what_is_typed_is_escaped(admin):
    form = filled(PersonForm, admin, person_q='"><script>alert(1)</script>')

    assert "<script" not in str(form["person"])


def test_a_field_that_nobody_bound_is_a_mistake_of_ours(db):
    form = PersonForm({"person": "1"})

    with pytest.raises(RuntimeError):
        form.full_clean()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_ten_thousand_rows_are_asked_for_with_one_query(
    kind, circle, roles, django_assert_num_queries
):
    admin = roles.user(Role.PROVINCE_ADMIN, Place.objects.get(code="80"))
    for number in range(5):
        village = VillageFactory(name_th=f"แบบ{number}", parent=circle.place.parent)
        TambonFactory(name_th=f"แบบ{number}")
        agency = AgencyFactory(name=f"แบบ{number}", place=village)
        PersonFactory(first_name=f"แบบ{number}", agency=agency, village=village)
        CircleFactory(name=f"แบบ{number}", place=village)
    assert admin.current_assignments

    class Form(forms.Form):
        row = PickField(kind)

    with django_assert_num_queries(1):
        form = filled(Form, admin, row_q="แบบ")
        page = str(form["row"])

    assert code_of(form) == "several"
    assert page.count("แบบ") >= 5
