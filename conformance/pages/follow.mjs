// node follow.mjs URL STEPS: opens the page of a run that is going on and waits, at most 5 minutes, until it tells of the last
// step without having been loaded anew.
import { launch } from './browser.mjs';

const [url, steps] = process.argv.slice(2);
const browser = await launch();
const tab = await browser.newPage();
await tab.goto(url, { waitUntil: 'load' });
const first = await tab.textContent('.state');
await tab.waitForFunction(last => document.querySelector('.state').textContent.includes(last),
  `step ${steps} of ${steps}, completed`, { timeout: 300000 });
const seen = Number(await tab.getAttribute('body', 'data-seen'));
await browser.close();
if (seen < 2) {
  console.log(`FAIL watch: drawn anew ${seen} times`);
  process.exit(1);
}
console.log(`ok   watch: from "${first.split(',')[0].trim()}" to step ${steps}, drawn anew ${seen} times`);
