// node shoot.mjs URL_OR_FILE FOLDER NAME: pictures of a page in light and dark, as a desktop and as a phone shows it, and what
// is wrong with it: errors of its scripts, requests that leave it, content wider than the screen. Ends with 1 if anything is.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch } from './browser.mjs';

const [page, folder, name] = process.argv.slice(2);
const url = /^https?:/.test(page) ? page : pathToFileURL(path.resolve(page)).href;
const origin = /^https?:/.test(page) ? new URL(page).origin : url;
const MOST_PIXELS = 1560;
const faults = [];
const browser = await launch();
for (const [device, width, screen] of [['desktop', 1280, 900], ['phone', 390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width, height: screen }, colorScheme, deviceScaleFactor: 1 });
    const tab = await context.newPage();
    const where = `${name} ${device} ${colorScheme}`;
    tab.on('pageerror', error => faults.push(`${where}: ${error.message}`));
    tab.on('console', message => message.type() === 'error' && faults.push(`${where}: ${message.text()}`));
    tab.on('request', request => {
      if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) {
        faults.push(`${where}: asks for ${request.url()}`);
      }
    });
    await tab.goto(url, { waitUntil: 'load' });
    await tab.waitForSelector('figure > svg');
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) { faults.push(`${where}: ${wide} pixels wider than the screen`); }
    const height = Math.min(MOST_PIXELS, await tab.evaluate(() => document.documentElement.scrollHeight));
    await tab.screenshot({ path: path.join(folder, `${name}-${device}-${colorScheme}.png`), fullPage: true,
      clip: { x: 0, y: 0, width, height } });
    const figure = tab.locator('figure').first();
    await figure.scrollIntoViewIfNeeded();
    const box = await figure.locator(':scope > svg').boundingBox();
    await tab.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.4);
    const readout = await figure.locator('.readout').textContent();
    if (!/^step \d/.test(readout)) { faults.push(`${where}: readout says "${readout}"`); }
    await figure.screenshot({ path: path.join(folder, `${name}-readout-${device}-${colorScheme}.png`) });
    await context.close();
  }
}
await browser.close();
faults.forEach(fault => console.log(`FAIL ${fault}`));
console.log(faults.length === 0 ? `ok   ${name}: 4 pictures` : `${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
