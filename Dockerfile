# One image for web, worker, beat and one-off commands.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    DEBUG=0

RUN useradd --system --uid 10001 --no-create-home kmcity
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt

COPY . .
# Key and host are of no use to anybody: they are gone when this line has run.
RUN COLLECT=1 ALLOWED_HOSTS=localhost \
    SECRET_KEY=only-while-building-it-signs-nothing-and-nobody-sees-it \
    python manage.py collectstatic --no-input

# A volume that is mounted here belongs to whom its folder belonged to.
RUN install --directory --owner kmcity /app/media

USER kmcity
EXPOSE 8000

# With a host name that Django answers to.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request as r; host = os.environ['ALLOWED_HOSTS'].split()[0].lstrip('.'); r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=4)"]

CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "kmcity.wsgi:application"]
