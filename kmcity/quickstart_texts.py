"""What ``manage.py quickstart`` says.

Thai and English side by side: the command runs before a language is known.
"""

STEP_DATABASE = "ฐานข้อมูล | Database"
STEP_PLACES = "อำเภอ ตำบล หมู่บ้าน | Amphoe, tambons, villages"
STEP_STATIC = "รูปแบบหน้าจอและตัวอักษร | Style sheets and fonts"
STEP_DEMO = "จังหวัดตัวอย่าง | Sample province"
STEP_ADMIN = "บัญชีผู้ดูแล | Administrator's account"
STEP_START = "เปิดหน้าเว็บ | Starting"
SECONDS = "   {seconds:.1f} s"

SAMPLE_ACCOUNTS = (
    "บัญชีตัวอย่าง สำหรับทดลองบนเครื่องนี้เท่านั้น | "
    "Sample accounts, for trying out on this machine only"
)
ADMIN_ACCOUNT = "บัญชีผู้ดูแล | Administrator's account"
RUNNING = """
kmcity เปิดแล้ว | kmcity is running

    http://localhost:{port}

ปิดการยืนยันตัวขั้นที่สองไว้ ใช้ทดลองบนเครื่องนี้เท่านั้น
The second factor is switched off: for trying out on this machine only

{title}

{accounts}

อีเมลทุกฉบับเขียนเป็นไฟล์ใน | E-mail is written as files to
    {mail}
ข้อมูลและบันทึกการทำงานอยู่ใน | Data and logs are in
    {data}
หยุดด้วย Ctrl-C | Stop with Ctrl-C
"""
RESTART = """\
{name} หยุดเอง (รหัส {exit_code}) จะเปิดใหม่ใน {seconds:g} วินาที ดู {log}
{name} ended (code {exit_code}), starts again in {seconds:g} s, see {log}"""
STOPPING = "กำลังหยุด | Stopping"
STOPPED = "หยุดแล้ว ข้อมูลยังอยู่ครบ | Stopped. The data is kept."

BAD_PORT = """\
พอร์ตต้องเป็นเลข 1 ถึง 65535 ไม่ใช่ {port}
A port is a number from 1 to 65535, not {port}."""
PORT_IN_USE = """\
พอร์ต {port} มีโปรแกรมอื่นใช้อยู่ ปิดโปรแกรมนั้น หรือเลือกเลขอื่นด้วย --port
Port {port} is in use. Stop the program that uses it, or choose another --port."""
PORT_REFUSED = """\
เครื่องนี้ไม่ให้ใช้พอร์ต {port} ใช้ --port 8000 หรือเลขอื่นที่มากกว่า 1024
This machine does not allow port {port}. Use --port 8000 or another above 1024."""
NO_DATA_FOLDER = """\
--data ต้องมีชื่อโฟลเดอร์ตามหลัง
--data needs the name of a folder."""
DATA_IS_SOURCE = """\
{data} เป็นโฟลเดอร์ของตัวโปรแกรม เลือกโฟลเดอร์อื่นด้วย --data
{data} belongs to the program itself. Choose another folder with --data."""
NOT_A_DATABASE = """\
{file} ไม่ใช่ฐานข้อมูลของ kmcity ย้ายไฟล์นี้ออก หรือเลือกโฟลเดอร์อื่นด้วย --data
{file} is not a database of kmcity. Move it away, or choose another --data."""
DATA_IN_USE = """\
quickstart อีกตัวกำลังใช้ {data} อยู่ หยุดตัวนั้นก่อน หรือเลือกโฟลเดอร์อื่นด้วย --data
Another quickstart is using {data}. Stop it first, or choose another --data."""
DATA_REFUSED = """\
เขียนใน {data} ไม่ได้ ({reason}) เลือกโฟลเดอร์อื่นด้วย --data
Cannot write in {data} ({reason}). Choose another folder with --data."""
DISK_FULL = """\
ดิสก์ของ {data} เหลือน้อยกว่า 100 MB ลบไฟล์ที่ไม่ใช้แล้วสั่งใหม่
The disk of {data} has less than 100 MB left. Free some space and try again."""
STEP_FAILED = """\
{tail}

ทำไม่สำเร็จ: {step} รายละเอียดทั้งหมดอยู่ใน {log}
This step failed. All of its output is in {log}"""
NO_ANSWER = """\
{tail}

หน้าเว็บไม่ตอบภายในหนึ่งนาที รายละเอียดทั้งหมดอยู่ใน {log}
The page did not answer within a minute. All of its output is in {log}"""
