"""Ways to reach the company, the live chat, and what visitors leave."""

from .channels import Channel, ChannelClicks
from .contact_settings import ContactSettings
from .conversations import ChatFile, Conversation, Label, Message, Visitor
from .desk import Agent, CannedReply
from .enquiries import Enquiry, EnquiryNote
from .hours import OpeningHours, SpecialDay, Timetable, in_words
from .notifications import Notification, Robot

__all__ = [
    "Agent",
    "CannedReply",
    "Channel",
    "ChannelClicks",
    "ChatFile",
    "ContactSettings",
    "Conversation",
    "Enquiry",
    "EnquiryNote",
    "Label",
    "Message",
    "Notification",
    "OpeningHours",
    "Robot",
    "SpecialDay",
    "Timetable",
    "Visitor",
    "in_words",
]
