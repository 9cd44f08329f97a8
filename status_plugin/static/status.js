// Adds the visitor's own time where it differs from the site's. The page says everything without it.
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
})();
