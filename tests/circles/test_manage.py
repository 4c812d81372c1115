"""``manage``: where an administrator's work begins."""

from django.urls import reverse

from tests.factories import CircleFactory, MembershipFactory

ADDRESS = reverse("manage")


def test_manage_counts_what_waits_within_reach(tambon_admin_client, circle):
    MembershipFactory(circle=circle, is_confirmed=False)
    MembershipFactory(circle=circle)
    MembershipFactory(circle=CircleFactory(), is_confirmed=False)

    response = tambon_admin_client.get(ADDRESS)

    assert response.context["newcomer_count"] == 1
    assert response.context["asked_count"] == 0


def test_only_the_province_is_offered_what_the_province_decides(
    tambon_admin_client, province_admin_client
):
    targets, setup = reverse("place-targets"), reverse("setup")

    tambon = tambon_admin_client.get(ADDRESS).content.decode()
    province = province_admin_client.get(ADDRESS).content.decode()

    assert targets not in tambon
    assert setup not in tambon
    assert targets in province
    assert setup in province


def test_every_address_of_the_hub_opens(province_admin_client, circle):
    page = province_admin_client.get(ADDRESS).content.decode()
    main = page[page.index("<main") : page.index("</main")]
    links = {part.split('"')[0] for part in main.split('href="')[1:]}

    answers = {link: province_admin_client.get(link).status_code for link in links}

    assert len(answers) > 10
    assert set(answers.values()) == {200}, answers


def test_the_menu_leads_administrators_to_people_and_nobody_else(
    tambon_admin_client, facilitator_client
):
    people = f'href="{reverse("person-list")}"'

    assert people in tambon_admin_client.get(ADDRESS).content.decode()
    assert people not in facilitator_client.get(reverse("home")).content.decode()


def test_the_hub_costs_the_same_with_more_rows(
    tambon_admin_client, circle, django_assert_max_num_queries
):
    for count in (1, 3):
        MembershipFactory.create_batch(count, circle=circle, is_confirmed=False)
        with django_assert_max_num_queries(8):
            tambon_admin_client.get(ADDRESS)
