from django.contrib import admin

from milestones.models import Achievement, Milestone, Notice


@admin.register(Milestone)
class MilestoneAdmin(admin.ModelAdmin):
    list_display = [
        "title",
        "circle",
        "place",
        "position",
        "measure",
        "target",
        "due_on",
    ]
    list_filter = ["measure"]
    list_select_related = ["circle", "place"]
    search_fields = ["title"]
    autocomplete_fields = ["circle", "place"]


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look, not to touch: these rows are written by the rules alone."""

    def has_add_permission(self, *args: object, **kwargs: object) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Achievement)
class AchievementAdmin(ReadOnlyAdmin):
    list_display = ["milestone", "epoch", "reached_on", "recorded_at", "corrected_at"]
    list_select_related = ["milestone"]


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """The outbox, by channel: no address is shown."""

    list_display = ["event", "channel", "due_at", "sent_at", "attempts", "last_error"]
    list_select_related = ["event", "contact"]
    list_filter = ["contact__channel"]
    fields = ["event", "due_at", "sent_at", "attempts", "last_error"]

    @admin.display(ordering="contact__channel")
    def channel(self, notice: Notice) -> str:
        return notice.contact.get_channel_display()
