// Photos are made smaller here, kept in this phone and sent by themselves, one by one:
// the text never waits for them.  A photo is forgotten only after the server has said
// that it is stored; sent twice under its key it is stored once.

const picker = document.getElementById("photo_picker");
const SIDES = [1600, 1280, 1024];
const QUALITIES = [0.82, 0.72, 0.62];
const AIM_BYTES = 250_000;
const MAX_BYTES = 12 * 1024 * 1024;
const MINUTE = 60_000;
// What can be wrong with a caption; with anything else the photo itself is.
const WORDS = ["max_length", "broken_text", "control_characters"];
const WEEK = 7 * 24 * 60 * MINUTE;

const records = new Map();
const cards = new Map();
let isBusy = false;
let failures = 0;
let timer = 0;

// --- what this phone keeps -------------------------------------------------------------

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("kmcity-photos", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("photos", { keyPath: "key" });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
opened.catch(() => {});

async function ask(mode, act) {
  const transaction = (await opened).transaction("photos", mode);
  const request = act(transaction.objectStore("photos"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

async function keep(record) {
  try {
    await ask("readwrite", (store) => store.put(record));
    record.isKept = true;
  } catch {
    record.isKept = false;
  }
}

async function forget(record) {
  records.delete(record.key);
  cards.get(record.key)?.remove();
  cards.delete(record.key);
  tellEmpty();
  await ask("readwrite", (store) => store.delete(record.key)).catch(() => {});
}

// --- the page --------------------------------------------------------------------------

async function start() {
  for (const part of document.querySelectorAll("[data-plain]")) part.hidden = true;
  for (const part of picker.querySelectorAll("[data-script]")) part.hidden = false;
  const chooser = picker.querySelector("[data-choose]");
  chooser?.addEventListener("change", async () => {
    const files = [...chooser.files];
    chooser.value = "";
    for (const file of files) await take(file);
  });
  addEventListener("online", () => {
    failures = 0;
    soon();
  });
  const found = await ask("readonly", (store) => store.getAll()).catch(() => []);
  for (const record of found.sort((one, other) => one.at - other.at)) {
    if (record.user === picker.dataset.user) await welcome(record);
  }
  soon();
}

// Another user's photos are never looked at.  What is stored is shown until its form
// has been sent, then it belongs to the record's own pages.  What was refused is told
// where it was chosen, and nowhere else.
async function welcome(record) {
  records.set(record.key, record);
  if (!isMine(record) && (record.error || isDone(record))) {
    return Date.now() - record.at > WEEK ? forget(record) : records.delete(record.key);
  }
  if (isDone(record) && (picker.dataset.session || !formKey())) return forget(record);
  show(record);
}

function formKey() {
  return picker.dataset.formKey ?? document.querySelector("#session_form [name=key]")?.value ?? "";
}

function isMine(record) {
  const { session } = picker.dataset;
  const key = formKey();
  // A photo of a record's page has no form, and that is no form in common.
  return Boolean((session && record.session === session) || (key && record.form_key === key));
}

const isDone = (record) => record.photo && !record.isRemoved && record.said === record.version;
const isWaiting = (record) => !record.error && !isDone(record);

// "No photos yet" is true until there is one that was not refused.
function tellEmpty() {
  const line = document.querySelector("[data-empty]");
  if (line) line.hidden = [...cards.keys()].some((key) => isMine(records.get(key)) && !records.get(key).error);
}

function say(word) {
  const line = picker.querySelector("[data-said]");
  line.textContent = word;
  line.hidden = !word;
}

// --- choosing --------------------------------------------------------------------------

async function take(file) {
  const { most, sayMost, sayLarge, user, post, circle, session } = picker.dataset;
  const mine = [...records.values()].filter((one) => isMine(one) && !one.isRemoved && !one.error);
  if (mine.length >= Number(most)) return say(sayMost);
  // What this browser cannot read goes as it is: the server says what is wrong with it.
  const blob = await shrink(file).catch(() => file);
  if (blob.size > MAX_BYTES) return say(`${file.name}: ${sayLarge}`);
  say("");
  const record = {
    key: newKey(), name: file.name, user, post, circle, session: session ?? "", form_key: formKey(), blob,
    caption: "", is_recognisable: true, may_show: false, at: Date.now(), version: 0,
  };
  records.set(record.key, record);
  navigator.storage?.persist?.();
  await keep(record);
  show(record);
  soon();
}

async function shrink(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    let blob = null;
    for (const side of SIDES) {
      const canvas = draw(document.createElement("canvas"), image, side);
      for (const quality of QUALITIES) {
        blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
        if (blob.size <= AIM_BYTES) return blob;
      }
    }
    return blob;
  } finally {
    image.close();
  }
}

function draw(canvas, image, side) {
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// (crypto.randomUUID is missing where the page came without TLS, in a village hall.)
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

// --- a photo's card --------------------------------------------------------------------

function show(record, state) {
  if (record.isRemoved) return;
  const card = cards.get(record.key) ?? makeCard(record);
  const { sayKept, sayUnkept, saySending, sayStored, saySignin, sayOther } = picker.dataset;
  const kept = record.isKept === false ? sayUnkept : sayKept;
  const words = { sending: saySending, signin: record.isKept === false ? sayUnkept : saySignin };
  const line = card.querySelector(".savestate");
  const now = record.error ? `${record.name}: ${record.error}` : (words[state] ?? (isDone(record) ? sayStored : kept));
  line.textContent = isMine(record) ? now : `${sayOther}: ${now}`;
  line.classList.toggle("err", Boolean(record.error));
  for (const field of card.querySelectorAll("[data-about]")) field.hidden = Boolean(record.error) && !record.isWords;
  card.dataset.state = record.error ? "refused" : (state ?? (isDone(record) ? "stored" : "kept"));
  tellEmpty();
}

function makeCard(record) {
  const copy = document.getElementById("photo_card").content.cloneNode(true);
  const card = copy.querySelector("li");
  const list = picker.querySelector("[data-cards]");
  for (const field of card.querySelectorAll("[data-name]")) {
    const { name } = field.dataset;
    if (field.type === "checkbox") field.checked = record[name];
    else field.value = record[name];
    field.addEventListener("change", () => describe(record, name, field));
  }
  card.querySelector("[data-remove]").addEventListener("click", () => remove(record));
  list.hidden = false;
  list.append(copy);
  cards.set(record.key, card);
  picture(record, card.querySelector("canvas"));
  return card;
}

async function picture(record, canvas) {
  canvas.setAttribute("aria-label", record.caption || picker.dataset.sayPhoto);
  try {
    const blob = record.blob ?? (await (await fetch(`/photos/${record.photo}.jpg`)).blob());
    const image = await createImageBitmap(blob, { imageOrientation: "from-image" });
    draw(canvas, image, 360);
    image.close();
  } catch {
    // Its place stays empty; the words beside it tell.
  }
}

async function describe(record, name, field) {
  record[name] = field.type === "checkbox" ? field.checked : field.value;
  record.version += 1;
  delete record.error;
  cards.get(record.key).querySelector("canvas").setAttribute("aria-label", record.caption || picker.dataset.sayPhoto);
  await keep(record);
  show(record);
  soon();
}

async function remove(record) {
  cards.get(record.key)?.remove();
  cards.delete(record.key);
  tellEmpty();
  say("");
  // An answer may have been lost on its way: then the server has it all the same.
  if (!record.isTried) return forget(record);
  record.isRemoved = true;
  delete record.error;
  delete record.blob;
  await keep(record);
  soon();
}

// --- sending ---------------------------------------------------------------------------

function soon(wait = 0) {
  clearTimeout(timer);
  timer = setTimeout(sendAll, wait);
}

async function sendAll() {
  if (isBusy) return;
  isBusy = true;
  try {
    let next;
    while ((next = [...records.values()].find(isWaiting))) {
      if (!(await send(next))) {
        failures += 1;
        return;
      }
      failures = 0;
    }
  } finally {
    isBusy = false;
    // A minute, then two, four ... at most a quarter of an hour.
    if ([...records.values()].some(isWaiting)) {
      soon(failures ? Math.min(MINUTE * 2 ** (failures - 1), 15 * MINUTE) : 0);
    }
  }
}

// Returns whether it is settled, one way or the other; if not, all others wait too.
async function send(record) {
  const { version } = record;
  if (!record.isTried) {
    record.isTried = true;
    await keep(record);
  }
  show(record, "sending");
  let response;
  try {
    response = await fetch(record.post, {
      method: "POST",
      body: body(record),
      headers: { Accept: "application/json", "X-CSRFToken": token().value },
      redirect: "manual",
      signal: AbortSignal.timeout?.(2 * MINUTE),
    });
  } catch {
    show(record);
    return false;
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) {
    await settle(record, answer, version);
    return true;
  }
  const isAway = response.type === "opaqueredirect" || response.status === 409;
  if (response.status === 403 && !answer) await renewToken();
  if (isAway || response.status >= 500 || response.status === 403 || response.status === 429) {
    show(record, isAway ? "signin" : undefined);
    return false;
  }
  if (record.isRemoved) await forget(record);
  else {
    record.error = answer?.error ?? picker.dataset.sayRefused;
    record.isWords = WORDS.includes(answer?.code);
    await keep(record);
    show(record);
  }
  return true;
}

function body(record) {
  const data = new FormData();
  for (const name of ["user", "key", "form_key", "session", "caption", "is_recognisable", "may_show"]) {
    data.set(name, record[name]);
  }
  data.set("act", record.isRemoved ? "remove" : record.photo ? "describe" : "store");
  if (record.blob && !record.isRemoved) data.set("photo", record.blob, "photo.jpg");
  return data;
}

async function settle(record, answer, version) {
  if (answer.state === "removed") return forget(record);
  record.photo = answer.id;
  record.said = version;
  delete record.blob;
  await keep(record);
  show(record);
}

const token = () => document.querySelector("[name=csrfmiddlewaretoken]");

// Somebody signed in again in another tab: this page's token is an old one.
async function renewToken() {
  const page = await fetch(location.href).then((response) => response.text(), () => "");
  const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (fresh) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh.value;
}

// --- begin -----------------------------------------------------------------------------

if (picker) {
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
}
