"""Ways to reach the company, the live chat, and what visitors leave."""

from .channels import Channel, ChannelClicks
from .contact_settings import ContactSettings
from .conversations import ChatFile, Conversation, Label, Message, Visitor
from .desk import Agent, CannedReply
from .enquiries import Enquiry, EnquiryNote
from .hours import OpeningHours, SpecialDay, Timetable, in_words
from .notifications import Notification, Robot
from .privacy_texts import PrivacyText, fill_in

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
    "PrivacyText",
    "Robot",
    "SpecialDay",
    "Timetable",
    "Visitor",
    "fill_in",
    "in_words",
]
