"""Agents, canned replies and labels. The chat desk itself is at /admin/chat/: see contact/views/desk.py."""

from django.contrib import admin

from contact.models import Agent, CannedReply, Label
from greenenergy.editing.admin import StaffAdmin


@admin.register(Agent)
class AgentAdmin(StaffAdmin):
    list_display = ["user", "display_name", "is_away", "seen_at"]
    list_select_related = ["user"]
    autocomplete_fields = ["user"]


@admin.register(CannedReply)
class CannedReplyAdmin(StaffAdmin):
    list_display = ["shortcut", "text", "order"]
    list_editable = ["order"]
    search_fields = ["shortcut", "text"]


@admin.register(Label)
class LabelAdmin(StaffAdmin):
    search_fields = ["name"]
