"""What ``kmcity.bootstrap`` says.

Thai and English side by side: it runs before a language is known.  Must stay
readable for Python 3.6, like the file that uses it.
"""

MAKING = "กำลังเตรียมโปรแกรมใน {venv}  |  Preparing the environment in {venv}"
READY = "เตรียมโปรแกรมเสร็จแล้ว  |  The environment is ready"
STOPPED = "หยุดแล้ว สั่งอีกครั้งเพื่อทำต่อ  |  Stopped. Run it again to go on."
TOO_OLD = """\
เครื่องนี้ใช้ Python {here} แต่ kmcity ต้องใช้ Python 3.12 ขึ้นไป
ติดตั้ง Python 3.13 จาก python.org หรือจากที่ติดตั้งโปรแกรมของเครื่อง แล้วสั่งใหม่ด้วย python3.13
This is Python {here}; kmcity needs Python 3.12 or later.
Install Python 3.13 (python.org, apt, pyenv, uv) and run this with python3.13."""
NO_PIP = """\
ไม่พบ pip รุ่น 22.3 ขึ้นไปของ {python}
ติดตั้งด้วย apt install python3-pip หรือ python -m ensurepip --upgrade แล้วสั่งใหม่
{python} has no pip, or one older than 22.3. Install it (apt install python3-pip,
or python -m ensurepip --upgrade), then run the same command again."""
FAILED = """\
เตรียมโปรแกรมใน {venv} ไม่สำเร็จ (สาเหตุอยู่ด้านบน)
ตรวจอินเทอร์เน็ต พื้นที่ดิสก์ และสิทธิ์เขียน แล้วสั่งใหม่อีกครั้ง
The environment in {venv} could not be made; the reason is above. Check the network,
the free disk space and the right to write, then run the same command again."""
