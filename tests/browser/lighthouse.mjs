// What Lighthouse says of pages on a phone: CHROME_PATH=... node lighthouse.mjs CATEGORIES FLAGS URL...
//
// CATEGORIES and Chromium's FLAGS are each one argument, divided by commas and spaces. Prints, as JSON, for each
// URL the score of each category (0 to 100) and each audit that took points from one, with what it found.

import * as launcher from "chrome-launcher";
import lighthouse from "lighthouse";

const [categories, flags, ...urls] = process.argv.slice(2);
const chrome = await launcher.launch({ chromeFlags: ["--headless=new", ...flags.split(" ")] });
const judged = {};
try {
  for (const url of urls) {
    const { lhr } = await lighthouse(url, { port: chrome.port, onlyCategories: categories.split(",") });
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    const all = Object.values(lhr.categories);
    const counted = new Set(all.flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight).map(({ id }) => id)));
    judged[url] = {
      scores: Object.fromEntries(all.map(({ id, score }) => [id, Math.round(score * 100)])),
      faults: Object.values(lhr.audits)
        .filter(({ id, score }) => counted.has(id) && score !== null && score < 1)
        .map(({ id, title, displayValue, details }) =>
          [id, title, displayValue, JSON.stringify(details?.items ?? []).slice(0, 400)].filter(Boolean).join(": ")),
    };
  }
} finally {
  chrome.kill();
}
console.log(JSON.stringify(judged));
