// The page says everything without this script. It adds the visitor's own time and how long ago that was,
// finds servers in a long table, renews the page gently, and says how old its facts are.
(() => {
  "use strict";
  const root = document.querySelector(".status-plugin");
  if (!root) return;

  const MINUTE = 60_000;
  const DAY = 24 * 60 * MINUTE;
  // How long what is said waits for the server.
  const PATIENCE = 3_000;
  // Between two attempts.
  const LONGEST = 15 * MINUTE;

  // How far the visitor's clock is behind the server's: known once the server has answered.
  let skew = 0;
  const now = () => Date.now() + skew;
  const all = (css, within = root) => [...within.querySelectorAll(css)];
  // The words come with the page; in English it leaves them out.
  const lang = root.lang || "en";
  const [TO, LOCAL, ENDS, FOUND, NONE, OFFLINE, STUCK, OLD, AGAIN] = (
    root.dataset.statusWords ??
    " to |{} your time|ends {}|{} of {#} shown|None of {#} shown|You are offline.|" +
    "This page cannot be renewed at the moment.|These facts are {} old. Things may have changed since.|This page is up to date again."
  ).split("|");
  const make = (name, className) => Object.assign(document.createElement(name), { className });

  // Times.
  const clock = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
    weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const relative = new Intl.RelativeTimeFormat(lang);
  const siteOffset = (text) => {
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(text) ?? [];
    return sign ? (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0;
  };
  // A vague time names only its day: there is nothing to convert.
  const momentsOf = (place) => {
    const texts = all("time", place).map((time) => time.dateTime);
    return texts.every((text) => text.includes("T")) ? texts.map((text) => [new Date(text), text]) : [];
  };
  const distance = (ahead) => {
    const minutes = Math.round(ahead / MINUTE) || Math.sign(ahead) || -1;
    const hours = Math.round(minutes / 60);
    if (Math.abs(minutes) < 120) return [minutes, "minute"];
    return Math.abs(hours) < 48 ? [hours, "hour"] : [Math.round(hours / 24), "day"];
  };
  const distanceText = ([[begin] = [], [end] = []]) => {
    const isOn = end && begin <= now();
    const ahead = (isOn ? end : begin) - now();
    if (!(Math.abs(ahead) <= DAY) || (isOn && ahead < 0)) return "";
    return (isOn ? ENDS : "{}").replace("{}", relative.format(...distance(ahead)));
  };
  const addLocalTimes = (within) => {
    for (const place of all(".status-when", within)) {
      const moments = momentsOf(place);
      if (moments.every(([moment, text]) => -moment.getTimezoneOffset() === siteOffset(text))) continue;
      const local = make("span", "status-local");
      const times = moments.map(([moment]) => clock.format(moment).replace(",", "")).join(TO);
      local.textContent = ` (${LOCAL.replace("{}", times)})`;
      place.insertBefore(local, place.querySelector(".status-ago")?.previousSibling ?? null);
    }
  };
  // The page keeps room for them, so that nothing moves.
  const addDistances = (within) => {
    for (const shown of all(".status-ago", within)) {
      const distance = distanceText(momentsOf(shown.parentElement));
      const text = distance && `(${distance})`;
      if (shown.textContent !== text) shown.textContent = text;
    }
  };

  // Finding servers. What was typed is kept for as long as the tab is open.
  const keep = (text) => {
    try {
      if (text !== undefined) sessionStorage.statusFind = text;
      return sessionStorage.statusFind ?? "";
    } catch {
      // The visitor lets no site keep anything.
      return "";
    }
  };
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const find = () => {
    const field = root.querySelector(".status-find input");
    if (!field) return;
    const place = field.parentNode;
    if (place.hidden) {
      field.value = keep();
      place.hidden = false;
    }
    const words = fold(field.value).split(/\s+/);
    let count = 0;
    let found = 0;
    for (const body of all("tbody", place.parentNode)) {
      const group = body.querySelector(".status-group");
      let isFound = false;
      body.hidden = true;
      for (const row of body.rows) {
        if (row === group) continue;
        if (row.matches(".status-first")) {
          const text = fold(`${group?.textContent ?? ""} ${row.textContent}`);
          isFound = words.every((word) => text.includes(word));
          count += 1;
          found += isFound;
        }
        row.hidden = !isFound;
        if (isFound) body.hidden = false;
      }
    }
    const result = place.querySelector("p");
    const text = words.join("") ? (found ? FOUND : NONE).replace("{}", found).replace("{#}", count) : "";
    if (result.textContent !== text) result.textContent = text;
  };
  root.addEventListener("input", ({ target }) => {
    keep(target.value);
    find();
  });
  root.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape" || !target.matches(".status-find input")) return;
    target.value = keep("");
    find();
  });
  find();

  addLocalTimes(root);

  // Renewing. A preview is of its own moment, and a file on a disk has no server.
  if (!("statusLive" in root.dataset) || document.getElementById("status-preview") || !/^http/.test(location.protocol)) {
    addDistances(root);
    return;
  }

  const bar = make("p", "status-age");
  const voice = make("p", "status-hidden");
  voice.setAttribute("role", "status");
  const own = new Set([bar, voice]);
  const textOf = (element) => {
    const copy = element.cloneNode(true);
    for (const added of all(".status-local, .status-ago", copy)) added.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const newsOf = (within) => [
    ...all(
      ".status-overall-text, .status-item-head, article > .status-labels, .status-latest .status-prose," +
        " .status-updates > li:first-child .status-prose",
      within,
    ).map(textOf),
    ...all(".status-entry-title", within).map(
      (title) => `${title.closest("section")?.querySelector("h2")?.textContent ?? ""}: ${textOf(title)}`,
    ),
  ];

  const keyOf = (node) =>
    node.nodeName +
    (/^(ARTICLE|TR|LI)$/.test(node.nodeName) ? node.id || node.querySelector("a")?.getAttribute("href") || "" : "");
  // Turns the old tree into the fresh one and leaves alone whatever is the same in both.
  const renew = (old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.data = fresh.data;
      return;
    }
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && name !== "open" && name !== "tabindex") old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (name !== "open" && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    const waiting = new Map();
    for (const node of old.childNodes) {
      if (own.has(node)) continue;
      const key = keyOf(node);
      if (!waiting.has(key)) waiting.set(key, []);
      waiting.get(key).push(node);
    }
    const pairs = [...fresh.childNodes].map((node) => [node, waiting.get(keyOf(node))?.shift()]);
    for (const gone of [...waiting.values()].flat()) gone.remove();
    let place = old.firstChild;
    for (const [node, match] of pairs) {
      if (match) renew(match, node);
      const present = match ?? node;
      if (present === place) place = place.nextSibling;
      else old.insertBefore(present, place);
    }
  };
  const renewInPlace = (fresh) => {
    const active = document.activeElement;
    const isInside = root.contains(active);
    const heading = isInside ? active.closest("section")?.querySelector("h2") : null;
    // What the reader looks at stays where it is on the screen; not every browser sees to that by itself.
    const topOf = (element) => element?.getBoundingClientRect().top;
    const isSeen = isInside && topOf(active) > 0 && topOf(active) < innerHeight;
    const anchor = isSeen ? active : document.elementFromPoint(innerWidth / 2, innerHeight / 3);
    const top = topOf(anchor);
    renew(root, fresh);
    find();
    if (anchor?.isConnected && scrollY) scrollBy(0, topOf(anchor) - top);
    if (heading && !active.isConnected) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  };

  let known = newsOf(root);
  let last;
  let confirmed = Date.parse(root.dataset.statusPageOf) || Date.now();
  let failures = 0;
  let asking = false;
  // By the site's policy, which need not know our script.
  let isForbidden = false;
  let askedAt = Date.now();
  let timer;
  let said = "";

  const facts = () => Date.parse(root.dataset.statusFactsAt);
  const age = () => now() - (facts() || confirmed);
  const limit = () => 1000 * (root.dataset.statusFreshFor || 300);
  const tell = () => {
    addDistances(root);
    const isOld = age() > limit();
    const reason = !navigator.onLine
      ? OFFLINE
      : !isForbidden && (failures > 1 || (failures && isOld)) ? STUCK : "";
    const [length, unit] = distance(age());
    const old = OLD.replace("{}", length.toLocaleString(lang, { style: "unit", unit, unitDisplay: "long" }));
    const text = reason || isOld ? `${reason} ${old}`.trim() : "";
    if (bar.textContent !== text) bar.textContent = text;
    bar.hidden = !text;
    root.querySelector(".status-overall")?.classList.toggle("status-stale", isOld);
    // Said once, not again with every minute.
    const kind = text && (reason || "old");
    if (kind !== said) voice.textContent = text || voice.textContent || AGAIN;
    said = kind;
  };
  const take = (text) => {
    if (text === last) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.querySelector(".status-plugin");
    if (!fresh) throw page;
    const news = newsOf(fresh);
    const told = news.filter((line) => !known.includes(line));
    for (const place of all(".status-find", fresh)) place.hidden = !root.querySelector(".status-find");
    addLocalTimes(fresh);
    addDistances(fresh);
    renewInPlace(fresh);
    document.title = page.title;
    // The site's own parts must not contradict the page.
    for (const css of [".status-link", ".status-notice"]) {
      const [old, now] = [document, page].map((side) => side.querySelector(css));
      if (old && now) renew(old, now);
      else old?.remove();
    }
    [known, last] = [news, text];
    voice.textContent = told.join(". ").slice(0, 400);
  };
  const check = async () => {
    clearTimeout(timer);
    if (asking || isForbidden || document.hidden) return;
    asking = true;
    askedAt = Date.now();
    voice.textContent = "";
    const slow = setTimeout(tell, PATIENCE);
    try {
      const answer = await fetch(location.pathname + location.search, {
        cache: "no-cache",
        signal: AbortSignal.timeout(20_000),
      });
      if (!answer.ok || answer.redirected) throw answer;
      const text = await answer.text();
      const made = Date.parse(answer.headers.get("Date")) || now();
      skew = made + 1000 * (answer.headers.get("Age") || 0) - Date.now();
      take(text);
      // What a copy was made of does not become younger by asking for the copy.
      confirmed = "statusCopy" in root.dataset ? Date.parse(root.dataset.statusPageOf) || confirmed : made;
      failures = 0;
    } catch {
      failures += 1;
    }
    asking = false;
    clearTimeout(slow);
    tell();
    timer = setTimeout(check, Math.min(MINUTE * 2 ** failures, LONGEST) * (0.8 + 0.4 * Math.random()));
  };
  bar.hidden = true;
  root.append(bar, voice);
  addDistances(root);
  // Facts that look old, or to be of the future, may be the fault of this machine's clock.
  if (age() > limit() || age() < -MINUTE) check();
  else {
    tell();
    timer = setTimeout(check, MINUTE * (0.8 + 0.4 * Math.random()));
  }
  setInterval(() => document.hidden || asking || tell(), MINUTE / 4);
  document.addEventListener("visibilitychange", () => Date.now() - askedAt > MINUTE / 3 && check());
  addEventListener("pageshow", (event) => event.persisted && check());
  addEventListener("online", check);
  addEventListener("offline", tell);
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.effectiveDirective === "connect-src") isForbidden = true;
    tell();
  });
})();
