"""What a core says of files, and of what it takes."""

from __future__ import annotations

ATTACHMENTS = [
    {"id": "0b6f1c9e-7d51-4a0b-8f0e-5c1b2f3a4d5f", "media_type": "image/jpeg", "bytes": 5000, "evidence": False},
    {"id": "f-2", "media_type": "application/octet-stream", "bytes": 7000, "evidence": True},
]
LIMITS = {
    "message_characters": 4000,
    "comment_characters": 5000,
    "referral_answer_characters": 6000,
    "attachment_bytes": 7000,
}
