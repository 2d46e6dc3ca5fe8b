// node chat.mjs URL FOLDER: chats on the page of a server with two models, in light and dark, as a desktop and as a phone shows
// it. Ends with 1 where a script has an error, anything is asked of another address, the page is wider than the screen, a model
// does not answer, or a text becomes a part of the page.
import path from 'node:path';
import { launch } from './browser.mjs';

const [url, folder] = process.argv.slice(2);
const HOSTILE = '<img src=x onerror="document.title=1">';
const faults = [];
const browser = await launch();
for (const [device, width, height] of [['desktop', 1280, 720], ['phone', 390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    const where = `chat ${device} ${colorScheme}`;
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, deviceScaleFactor: 1 });
    const tab = await context.newPage();
    const check = (good, what) => good || faults.push(`${where}: ${what}`);
    tab.on('pageerror', error => faults.push(`${where}: ${error.message}`));
    // The models here have no chat template: the first question to each is refused once, and goes on as a text.
    tab.on('console', message => message.type() === 'error' && !message.text().includes('400')
      && faults.push(`${where}: ${message.text()}`));
    tab.on('request', request => check(request.url().startsWith(url) || request.url().startsWith('data:'),
      `asks for ${request.url()}`));
    await tab.goto(url, { waitUntil: 'load' });
    await tab.waitForSelector('.column >> nth=1');
    const ask = async text => {
      await tab.fill('#prompt', text);
      await tab.click('#send');
      await tab.waitForSelector('#stop:disabled', { timeout: 60000 });
    };
    await ask('47+38=');
    await tab.check('#logprobs');
    await ask('12+34=');
    await ask(HOSTILE);
    check(await tab.locator('.turns img').count() === 0, 'a text became an image');
    check(await tab.locator('.failed').count() === 0, `failed: ${await tab.locator('.failed').allTextContents()}`);
    check(await tab.locator('.column').nth(0).locator('.turn').nth(1).textContent() !== '', 'no answer');
    check(await tab.locator('.token').count() > 0, 'no probabilities');
    check(/^\d+ tokens, \d+\/s$/.test(await tab.locator('.speed').nth(1).textContent()), 'no speed');
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    check(wide <= 0, `${wide} pixels wider than the screen`);
    await tab.click('#clear');
    check(await tab.locator('.turn').count() === 0, 'not cleared');
    await ask('47+38=');
    await ask('12+34=');
    await tab.screenshot({ path: path.join(folder, `chat-${device}-${colorScheme}.png`) });
    await context.close();
  }
}
await browser.close();
faults.forEach(fault => console.log(`FAIL ${fault}`));
console.log(faults.length === 0 ? 'ok   chat: 4 pictures' : `${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
