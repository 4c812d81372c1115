"""Four documented sessions of the pilot, as a field officer types them.

Only what the public record says; what it does not say is left empty.  The fields are
called as in the log form, so that a test can type the same words into it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TypedLesson:
    text: str
    topic: str = ""
    teller: str = ""  # what the circle calls them; empty: several people


@dataclass(frozen=True)
class PilotSession:
    """One log form.  Everybody with a seat came, as the form suggests."""

    circle: str  # its key in the demo's tables
    circle_name: str
    username: str  # who logs it
    held_on: str
    shown_as: str
    fiscal_year: int
    summary: str
    starts: str = ""
    ends: str = ""
    venue: str = ""
    guest_count: str = "0"
    next_on: str = ""
    lessons: tuple[TypedLesson, ...] = ()


# The record counts six village groups; Tha Rai has six villages.
FORUM_GROUPS = (
    "กลุ่ม ม.1 บ้านท่าไร่",
    "กลุ่ม ม.2 บ้านไร่บน",
    "กลุ่ม ม.3 บ้านบางหลวง",
    "กลุ่ม ม.4 บ้านนารีประดิษฐ์",
    "กลุ่ม ม.5 บ้านบางพุทรา",
    "กลุ่ม ม.6 บ้านบางกระบือ",
)

FORUM = PilotSession(
    circle="forum-tharai",
    circle_name="เวทีคุณกิจ ต.ท่าไร่",
    username="amnuay-amphoe",
    held_on="25/8/48",
    shown_as="25 ส.ค. 2548",
    fiscal_year=2548,
    starts="09.00",
    venue="วัดบางหลวง",
    summary=(
        "หกกลุ่มหมู่บ้านมาพบกันที่วัดบางหลวง แต่ละกลุ่มตั้งเป้าหมายของตน แล้วรายงานต่อเวที\n"
        "บันทึกไม่ได้บอกจำนวนคน จึงลงชื่อตัวอย่างไว้กลุ่มละหนึ่งคน"
    ),
    lessons=tuple(
        TypedLesson(
            text=f"{group} ตั้งเป้าหมายของกลุ่มด้วยกัน แล้วรายงานให้ทั้งเวทีฟัง",
            topic="องค์กรการเงินชุมชน",
            teller=group,
        )
        for group in FORUM_GROUPS
    ),
)

TEA = PilotSession(
    circle="tea",
    circle_name="วงน้ำชาผู้ว่าราชการจังหวัด",
    username="likhit",
    held_on="10/10/48",
    shown_as="10 ต.ค. 2548",
    fiscal_year=2549,
    starts="08.30",
    ends="11.00",
    summary=(
        "คุณเอื้อและคุณอำนวยราว 11 คนร่วมวงน้ำชา "
        "ตกลงกันว่าชุมชนจัดแผนของตนเองให้เข้าที่ ภาครัฐจัดตัวเองเข้าเสริมแผนนั้น ในฐานะคุณอำนวย\n"
        "รายชื่อในบันทึกนี้เป็นชื่อตัวอย่าง"
    ),
    lessons=(
        TypedLesson(
            "ชุมชนวางแผนของตนเอง ภาครัฐเข้าเสริมแผนของชุมชนในฐานะคุณอำนวย",
            topic="แผนชุมชน",
        ),
        TypedLesson(
            "เงื่อนไขความสำเร็จข้อแรก คือภาพฝันร่วม "
            "วงตกลงอนาคตที่อยากเห็น คุณอำนวยทำงานเป็นทีมเดียวกัน",
            topic="เงื่อนไขความสำเร็จ",
        ),
        TypedLesson(
            "เงื่อนไขข้อสอง คุณเอื้อต้องมีวงของตนเองอย่างเป็นระบบ มีผู้ที่คนนับถือเป็นประธาน",
            topic="เงื่อนไขความสำเร็จ",
        ),
        TypedLesson(
            "เงื่อนไขข้อสาม ให้กำลังใจด้วยการฉลองความสำเร็จทุกเข็มไมล์ระหว่างทาง",
            topic="เงื่อนไขความสำเร็จ",
        ),
    ),
)

LIBRARY = PilotSession(
    circle="amnuay-mueang",
    circle_name="วงคุณอำนวย อ.เมืองนครศรีธรรมราช",
    username="amnuay-amphoe",
    held_on="27/10/48",
    shown_as="27 ต.ค. 2548",
    fiscal_year=2549,
    venue="หอสมุดประชาชน",
    summary=(
        "แต่ละตำบลทบทวนการเรียนรู้ของตน และเลือกแบบบัญชีไว้หนึ่งแบบ\n"
        "บันทึกไม่ได้บอกจำนวนคน รายชื่อเป็นชื่อตัวอย่าง"
    ),
    lessons=(
        TypedLesson("แต่ละตำบลทบทวนว่าได้เรียนรู้อะไรมาแล้ว ก่อนวางงานต่อ", topic="การทบทวน"),
        TypedLesson("เลือกแบบบัญชีไว้หนึ่งแบบ ใครพร้อมก็ใช้ ไม่บังคับใคร", topic="บัญชีครัวเรือน"),
    ),
)

SPONSORS = PilotSession(
    circle="ua-province",
    circle_name="วงคุณเอื้อจังหวัดนครศรีธรรมราช",
    username="likhit",
    held_on="9/2/50",
    shown_as="9 ก.พ. 2550",
    fiscal_year=2550,
    summary="วงคุณเอื้อจังหวัดพบกัน รายชื่อในบันทึกนี้เป็นชื่อตัวอย่าง",
)

PILOT_SESSIONS = (FORUM, TEA, LIBRARY, SPONSORS)
