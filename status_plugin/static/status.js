// Adds the visitor's own time where it differs from the site's, and the age of facts that are old.
// The page says everything without it.
(() => {
  "use strict";
  const siteOffset = (text) => {
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(text) ?? [];
    return sign ? (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0;
  };
  const clock = new Intl.DateTimeFormat("en-GB", {
    weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  for (const place of document.querySelectorAll(".status-plugin .status-when")) {
    const texts = [...place.querySelectorAll("time")].map((time) => time.dateTime);
    // A vague time names only its day: there is nothing to convert.
    if (!texts.length || !texts.every((text) => text.includes("T"))) continue;
    const moments = texts.map((text) => new Date(text));
    if (moments.every((moment, i) => -moment.getTimezoneOffset() === siteOffset(texts[i]))) continue;
    const local = document.createElement("span");
    local.className = "status-local";
    local.textContent = ` (${moments.map((moment) => clock.format(moment).replace(",", "")).join(" to ")} your time)`;
    place.append(local);
  }

  // Says how old the facts are once they are: on a page that was left open, and on a copy.
  const OLD_AFTER = 10;
  const ageText = (minutes) =>
    minutes < 120 ? `${minutes} minutes` : minutes < 2880 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 1440)} days`;
  const overall = document.querySelector(".status-plugin .status-overall[data-status-facts]");
  if (overall) {
    const facts = new Date(overall.dataset.statusFacts || Date.now());
    // It lies over the page, so that nothing moves when it comes.
    const bar = document.createElement("p");
    bar.className = "status-age";
    bar.hidden = true;
    overall.closest(".status-plugin").append(bar);
    const tellAge = () => {
      const minutes = Math.floor((Date.now() - facts) / 60000);
      if (minutes < OLD_AFTER) return;
      bar.textContent = `These facts are ${ageText(minutes)} old. Things may have changed since.`;
      bar.hidden = false;
      overall.classList.add("status-stale");
    };
    tellAge();
    setInterval(tellAge, 20000);
  }
})();
