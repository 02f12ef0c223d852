// The stage of the briefing room: holds all pages of a run, turns them by keys, and stays when the server goes away.

const settings = JSON.parse(document.getElementById("settings").textContent);
const words = settings.words;
const stage = document.getElementById("pages");
const at = id => document.getElementById(id);
const proof = document.querySelector('meta[name="proof"]').content; // only our own page can send it along
const PLACE = "paparan.halaman";
const BACK = "paparan.kembali"; // where the keys of the map lead back to
const POLL_MS = 4000;
const ANSWER_MS = 20000;

const state = {
  pages: [], // {key, title, province, body, element}
  index: 0,
  version: "",
  waiting: null, // pages of a newer version, shown with the next turn
  fetching: false,
  away: false,
  turning: 0,
  shown: [], // milliseconds from key to drawn, the last ones
};
window.paparan = state; // looked at by tests and by who measures

// --- addresses ---------------------------------------------------------------------------------------------------

function query(further = {}) {
  const told = new URLSearchParams(settings.query);
  if (settings.public) told.set("rapat", "1");
  for (const [name, value] of Object.entries(further)) told.set(name, value);
  return told.toString();
}

function screen(path, further = {}) {
  const told = new URLSearchParams(settings.query);
  told.delete("cerita");
  for (const [name, value] of Object.entries(further)) told.set(name, value);
  const text = told.toString();
  return text ? `${path}?${text}` : path;
}

function keepPlace() {
  const page = state.pages[state.index];
  if (!page) return;
  const told = new URLSearchParams(query({ mode: "paparan", halaman: page.key }));
  history.replaceState(null, "", `/?${told}`);
  sessionStorage.setItem(PLACE, page.key);
}

function wantedPlace() {
  return new URLSearchParams(location.search).get("halaman") || sessionStorage.getItem(PLACE) || "";
}

// --- asking the server -------------------------------------------------------------------------------------------

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(ANSWER_MS), cache: "no-store" });
  if (answer.status === 403) {
    location.reload(); // the sign-in has ended; the screens ask for it and lead back here
    throw new Error("signed out");
  }
  if (!answer.headers.get("content-type")?.startsWith("application/json")) throw new Error(`status ${answer.status}`);
  return { status: answer.status, told: await answer.json() };
}

function post(path, body) {
  return ask(`${path}?${query()}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-paparan-bukti": proof },
    body: JSON.stringify(body),
  });
}

function setAway(away) {
  if (state.away === away) return;
  state.away = away;
  document.documentElement.classList.toggle("away", away);
  say(away ? words.away : "");
}

let fading = 0;

function say(text, seconds = 0) {
  at("note").textContent = text;
  clearTimeout(fading);
  if (seconds) fading = setTimeout(() => say(state.away ? words.away : ""), seconds * 1000);
}

// --- pages -------------------------------------------------------------------------------------------------------

function layer(page) {
  const section = document.createElement("section");
  section.className = "page";
  section.id = `halaman-${page.key}`;
  section.dataset.key = page.key;
  section.inert = true;
  section.innerHTML = page.body; // written and escaped by the server; the policy of this page runs nothing in it
  section.querySelector("h1")?.setAttribute("id", `judul-${page.key}`);
  section.setAttribute("aria-labelledby", `judul-${page.key}`);
  return { ...page, element: section };
}

/** Puts newer pages in place; what did not change stays as it is drawn. */
function put(pages) {
  const before = new Map(state.pages.map(page => [page.key, page]));
  const key = state.pages[state.index]?.key || wantedPlace();
  state.pages = pages.map(page => {
    const old = before.get(page.key);
    if (old && old.body === page.body) return old;
    return layer(page);
  });
  stage.replaceChildren(...state.pages.map(page => page.element));
  const found = state.pages.findIndex(page => page.key === key);
  show(found < 0 ? Math.min(state.index, state.pages.length - 1) : found, { quiet: true });
}

function show(index, { quiet = false } = {}) {
  state.index = Math.max(0, Math.min(index, state.pages.length - 1));
  state.pages.forEach((page, place) => {
    const now = place === state.index;
    page.element.classList.toggle("now", now);
    page.element.inert = !now;
  });
  const page = state.pages[state.index];
  if (!page) return;
  at("where").textContent = `${state.index + 1} / ${state.pages.length}`;
  at("where").setAttribute(
    "aria-label", words.page.replace("{n}", state.index + 1).replace("{all}", state.pages.length));
  document.title = `${page.title} – Sinergisitas`;
  page.element.scrollTop = 0;
  if (!quiet) {
    at("announce").textContent = `${page.title}. ${at("where").getAttribute("aria-label")}`;
    keepPlace();
  }
}

function turn(index, since = performance.now()) {
  if (state.waiting) {
    const wanted = state.pages[Math.max(0, Math.min(index, state.pages.length - 1))]?.key;
    put(state.waiting);
    state.waiting = null;
    if (!state.away) say("");
    const found = state.pages.findIndex(page => page.key === wanted);
    index = found < 0 ? index : found;
  }
  show(index);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    state.shown.push(performance.now() - since);
    if (state.shown.length > 200) state.shown.shift();
    document.documentElement.dataset.drawn = state.pages[state.index]?.key || "";
  }));
}

async function load() {
  if (state.fetching) return;
  state.fetching = true;
  try {
    if (!state.pages.length) {
      const { told } = await ask(`/paparan/putaran?${query({ awal: "1" })}`);
      if (told.pages?.length && !state.pages.length) {
        put(told.pages);
        say(words.loading);
      }
    }
    const { status, told } = await ask(`/paparan/putaran?${query()}`);
    if (status !== 200) {
      say(told.problems?.join(" ") || words.refused);
      return;
    }
    const fresh = state.version === "";
    state.version = told.version;
    if (fresh) {
      state.index = Math.max(0, told.pages.findIndex(page => page.key === wantedPlace()));
      state.pages = state.pages.filter(page => told.pages.some(one => one.key === page.key && one.body === page.body));
      const wanted = told.pages[state.index]?.key;
      put(told.pages);
      show(state.pages.findIndex(page => page.key === wanted), { quiet: true });
      keepPlace();
      say("");
      document.documentElement.dataset.ready = "yes";
    } else {
      state.waiting = told.pages;
      say(words.renewed, 6);
    }
    setAway(false);
  } catch {
    setAway(true);
  } finally {
    state.fetching = false;
  }
}

/** After a change of our own the pages are shown at once, where they stand. */
async function reload() {
  try {
    const { status, told } = await ask(`/paparan/putaran?${query()}`);
    if (status === 200) {
      state.version = told.version;
      state.waiting = null;
      put(told.pages);
    }
  } catch {
    setAway(true);
  }
}

async function poll() {
  try {
    if (state.version === "") {
      await load();
    } else {
      const { told } = await ask(`/paparan/versi?${query()}`);
      setAway(false);
      if (told.version && told.version !== state.version) await load();
    }
  } catch {
    setAway(true);
  } finally {
    setTimeout(poll, POLL_MS);
  }
}

// --- what left this machine --------------------------------------------------------------------------------------

const foreign = new Set();

function countRequests() {
  const one = foreign.size === 1;
  at("requests").textContent = words.requests[one ? 1 : 0].replace("{n}", foreign.size);
  at("requests").classList.toggle("bad", foreign.size > 0);
}

function noteAddress(address) {
  try {
    const url = new URL(address, location.href);
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== location.host) foreign.add(url.href);
  } catch {
    foreign.add(String(address));
  }
  countRequests();
}

new PerformanceObserver(list => list.getEntries().forEach(entry => noteAddress(entry.name)))
  .observe({ type: "resource", buffered: true });
document.addEventListener("securitypolicyviolation", event => noteAddress(event.blockedURI));

// --- keys --------------------------------------------------------------------------------------------------------

const open = () => document.querySelector("dialog[open]");

function province() {
  return state.pages[state.index]?.province || "";
}

function toMap() {
  const code = province();
  keepPlace();
  sessionStorage.setItem(BACK, location.pathname + location.search);
  location.assign(screen("/peta", code ? { provinsi: code } : {}));
}

function leave() {
  sessionStorage.removeItem(PLACE);
  location.assign(screen("/"));
}

function black(on = at("black").hidden) {
  at("black").hidden = !on;
  stage.toggleAttribute("data-dark", on);
}

async function full() {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen({ navigationUI: "hide" });
  } catch {
    say(words.fullscreen, 5);
  }
}

function theme(name) {
  document.documentElement.dataset.theme = name;
  localStorage.setItem("paparan.tema", name);
}

function lock() {
  const told = new URLSearchParams(query({ mode: "paparan", halaman: state.pages[state.index]?.key || "" }));
  if (settings.public) told.delete("rapat");
  else told.set("rapat", "1");
  location.replace(`/?${told}`);
}

function autoplay(seconds) {
  clearInterval(state.turning);
  state.turning = 0;
  if (seconds > 0) {
    state.turning = setInterval(() => {
      if (!open() && !document.hidden) turn((state.index + 1) % state.pages.length);
    }, seconds * 1000);
    say(words.auto.replace("{n}", seconds));
  } else {
    say(state.away ? words.away : "");
  }
}

const KEYS = {
  ArrowRight: since => turn(state.index + 1, since),
  ArrowDown: since => turn(state.index + 1, since),
  PageDown: since => turn(state.index + 1, since),
  " ": since => turn(state.index + 1, since),
  ArrowLeft: since => turn(state.index - 1, since),
  ArrowUp: since => turn(state.index - 1, since),
  PageUp: since => turn(state.index - 1, since),
  Home: since => turn(0, since),
  End: since => turn(state.pages.length - 1, since),
  b: () => black(),
  ".": () => black(), // the black key of common clickers
  f: full,
  t: () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
  l: () => settings.locked || lock(),
  m: toMap,
  d: () => decide(),
  a: () => at("turning").showModal(),
  s: () => keep(),
  "?": () => at("helping").showModal(),
};

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || open()) return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = event.target instanceof HTMLButtonElement;
  if (button && (name === " " || name === "Enter")) return;
  if (event.key === "Escape") {
    if (!at("black").hidden) black(false);
    else if (state.turning) autoplay(0);
    else if (!document.fullscreenElement) leave();
    return;
  }
  const digit = /^[1-9]$/.test(name) ? settings.provinces[Number(name) - 1] : undefined;
  const act = digit ? since => turn(state.pages.findIndex(page => page.key === digit), since) : KEYS[name];
  if (!act || (digit && !state.pages.some(page => page.key === digit))) return;
  event.preventDefault();
  if (!at("black").hidden && name !== "b" && name !== ".") black(false);
  act(event.timeStamp);
});

at("black").addEventListener("click", () => black(false));
at("previous").addEventListener("click", event => turn(state.index - 1, event.timeStamp));
at("next").addEventListener("click", event => turn(state.index + 1, event.timeStamp));
at("lock").addEventListener("click", lock);
at("help").addEventListener("click", () => at("helping").showModal());
at("decide").addEventListener("click", () => decide());
at("lock").disabled = settings.locked;

let touched = null;
stage.addEventListener("touchstart", event => {
  touched = event.touches.length === 1 ? [event.touches[0].clientX, event.touches[0].clientY] : null;
}, { passive: true });
stage.addEventListener("touchend", event => {
  if (!touched || open()) return;
  const [x, y] = [event.changedTouches[0].clientX - touched[0], event.changedTouches[0].clientY - touched[1]];
  if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) turn(state.index + (x < 0 ? 1 : -1), event.timeStamp);
  touched = null;
}, { passive: true });

// --- decisions ---------------------------------------------------------------------------------------------------

function problems(form, told) {
  const shown = form.querySelector(".problems");
  shown.textContent = (told?.problems || []).join(" ");
  for (const field of form.querySelectorAll("[name]")) {
    const wrong = (told?.columns || []).includes(field.name);
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  form.querySelector('[aria-invalid="true"]')?.focus();
}

function decide() {
  if (!settings.mayDecide) return;
  const form = at("decision");
  problems(form, null);
  const place = form.elements.place;
  place.querySelectorAll("[data-site]").forEach(option => option.remove());
  for (const item of state.pages[state.index].element.querySelectorAll("[data-site]")) {
    const option = new Option(item.dataset.name, `site:${item.dataset.site}`);
    option.dataset.site = item.dataset.site;
    place.append(option);
  }
  place.value = province();
  if (place.selectedIndex < 0) place.value = "";
  at("deciding").showModal();
  form.elements.text.focus();
}

at("decision").addEventListener("submit", async event => {
  event.preventDefault();
  const form = event.target;
  const body = Object.fromEntries(["text", "responsible", "due", "place"].map(name => [name, form.elements[name].value]));
  try {
    const { status, told } = await post("/paparan/keputusan", body);
    if (status !== 200) {
      problems(form, told);
      return;
    }
    form.reset();
    at("deciding").close();
    say(words.noted, 5);
    await reload();
  } catch {
    problems(form, { problems: [words.failed] });
  }
});

stage.addEventListener("click", async event => {
  const button = event.target.closest("[data-close]");
  if (!button) return;
  button.disabled = true;
  try {
    const { status, told } = await post("/paparan/keputusan", { close: button.dataset.close });
    say(status === 200 ? words.closed : (told.problems || [words.refused]).join(" "), 6);
    await reload();
    state.pages[state.index]?.element.querySelector("h1")?.focus({ preventScroll: true });
  } catch {
    button.disabled = false;
    say(words.failed, 8);
  }
});

// --- kept runs ---------------------------------------------------------------------------------------------------

const pageRow = (page, note, used) => {
  const list = at("chosen");
  const row = document.createElement("li");
  row.dataset.key = page.key;
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", checked: used, id: `pakai-${page.key}` });
  const label = Object.assign(document.createElement("label"), { htmlFor: box.id, textContent: page.title });
  const text = Object.assign(document.createElement("input"), { value: note, maxLength: 300, placeholder: words.note });
  text.setAttribute("aria-label", list.dataset.note.replace("{page}", page.title));
  const up = Object.assign(document.createElement("button"), { type: "button", textContent: "↑" });
  up.setAttribute("aria-label", `${list.dataset.up}: ${page.title}`);
  up.addEventListener("click", () => {
    row.previousElementSibling?.before(row);
    up.focus();
  });
  const down = Object.assign(document.createElement("button"), { type: "button", textContent: "↓" });
  down.setAttribute("aria-label", `${list.dataset.down}: ${page.title}`);
  down.addEventListener("click", () => {
    row.nextElementSibling?.after(row);
    down.focus();
  });
  row.append(box, label, text, up, down);
  return row;
};

async function keep() {
  const list = at("kept");
  let stories = [];
  try {
    stories = (await ask(`/paparan/cerita?${query()}`)).told.stories || [];
  } catch {
    setAway(true);
  }
  const rows = stories.map(story => {
    const row = document.createElement("li");
    const link = document.createElement("a");
    const told = new URLSearchParams({ mode: "paparan", cerita: story.name });
    if (settings.language === "en") told.set("bahasa", "en");
    if (settings.public) told.set("rapat", "1");
    Object.assign(link, { href: `/?${told}`, textContent: story.name });
    link.addEventListener("click", () => sessionStorage.removeItem(PLACE));
    row.append(link);
    if (settings.mayKeep) {
      const drop = Object.assign(document.createElement("button"), { type: "button", textContent: list.dataset.drop });
      drop.setAttribute("aria-label", `${list.dataset.drop}: ${story.name}`);
      drop.addEventListener("click", async () => {
        const { status } = await post("/paparan/cerita", { drop: story.name });
        if (status === 200) row.remove();
      });
      row.append(drop);
    }
    return row;
  });
  if (!rows.length) rows.push(Object.assign(document.createElement("li"), { textContent: list.dataset.none }));
  list.replaceChildren(...rows);
  const name = new URLSearchParams(settings.query).get("cerita") || "";
  const shown = stories.find(story => story.name === name);
  at("story").elements.name.value = name;
  problems(at("story"), null);
  at("chosen").replaceChildren(...state.pages.map(page => pageRow(page, shown?.notes[page.key] || "", true)));
  at("keeping").showModal();
}

at("story").addEventListener("submit", async event => {
  event.preventDefault();
  const form = event.target;
  const rows = [...at("chosen").children].filter(row => row.querySelector('[type="checkbox"]').checked);
  const notes = Object.fromEntries(rows.map(row => [row.dataset.key, row.querySelector("input:not([type])").value]));
  try {
    const body = { name: form.elements.name.value, pages: rows.map(row => row.dataset.key), notes };
    const { status, told } = await post("/paparan/cerita", body);
    if (status !== 200) {
      problems(form, told);
      return;
    }
    at("keeping").close();
    say(words.kept, 5);
  } catch {
    problems(form, { problems: [words.failed] });
  }
});

at("interval").addEventListener("submit", event => {
  event.preventDefault();
  const seconds = Math.max(5, Math.min(600, Number(event.target.elements.seconds.value) || 20));
  at("turning").close();
  autoplay(seconds);
});
document.querySelector("[data-stop]").addEventListener("click", () => {
  at("turning").close();
  autoplay(0);
});
for (const button of document.querySelectorAll("[data-cancel]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

// --- beginning ---------------------------------------------------------------------------------------------------

theme(localStorage.getItem("paparan.tema") || "light");
sessionStorage.removeItem(BACK);
const face = new FontFace("Room", `url("${document.querySelector('meta[name="font"]').content}")`, { weight: "200 900" });
document.fonts.add(face);
face.load().catch(() => undefined); // the system's own letters do, too
countRequests();
window.addEventListener("pageshow", event => {
  if (event.persisted) poll(); // timers of a page that came back from the history go on, what it asked for does not
});
poll();
