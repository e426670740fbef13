/** A user at a browser: opens the workspace's URL, gives the password, logs in, works in the terminal. */
import type { BrowserContext, Page } from 'playwright-core';
import { startChromium } from '../support/chromium.ts';
import type { Account } from '../support/terminal.ts';

export interface BrowserVisit extends AsyncDisposable {
  page: Page;
  /** Runs the command in a shell of the workspace through the page's own websocket; resolves once `expected` was printed. */
  typesIntoTerminal(command: string, expected: string): Promise<void>;
}

/** Opens the page and logs in. Each machine has a certificate authority of its own, which no browser knows. */
export async function openVisit(url: string, account: Account): Promise<BrowserVisit> {
  const browser = await startChromium();
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, httpCredentials: account });
    const page = await logIn(context, url, account);
    return {
      page,
      typesIntoTerminal: (command, expected) => page.evaluate(runInShell, { command, expected }),
      [Symbol.asyncDispose]: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Chromium drops what is under way whenever the host's network changes, as it does when a container starts. */
async function logIn(context: BrowserContext, url: string, { username, password }: Account): Promise<Page> {
  const page = await context.newPage();
  for (let tries = 3; ; tries -= 1) {
    try {
      await page.goto(url);
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign In' }).click();
      await page.getByRole('button', { name: 'Create new project' }).waitFor({ timeout: 15_000 });
      return page;
    } catch (error) {
      if (tries === 0) throw error;
    }
  }
}

/** Runs inside the page. */
function runInShell({ command, expected }: { command: string; expected: string }): Promise<void> {
  interface PageSocket {
    send(text: string): void;
    onopen: () => void;
    onmessage: (message: { data: string }) => void;
    onerror: () => void;
  }
  const page = globalThis as unknown as {
    localStorage: { getItem(key: string): string };
    location: { host: string };
    WebSocket: new (url: string) => PageSocket;
  };
  const token = page.localStorage.getItem('auth-token');
  const socket = new page.WebSocket(`wss://${page.location.host}/shell?token=${encodeURIComponent(token)}`);
  return new Promise((resolve, reject) => {
    let printed = '';
    const giveUp = setTimeout(() => reject(new Error(`not printed: ${expected}; but: ${printed}`)), 30_000);
    socket.onerror = () => reject(new Error('the websocket failed'));
    socket.onopen = () => {
      const shell = { type: 'init', projectPath: '/workspace', isPlainShell: true, initialCommand: 'bash' };
      socket.send(JSON.stringify(shell));
      socket.send(JSON.stringify({ type: 'input', data: `${command}\r` }));
    };
    socket.onmessage = ({ data }) => {
      printed += data;
      if (!printed.includes(expected)) return;
      clearTimeout(giveUp);
      resolve();
    };
  });
}
