// The public form: a puzzle in place of a question, and buttons that rest after they were pressed. Works without it too.
import { restAfterSending } from "../../../../assets/once";

const AT_ONCE = 256; // hashes asked for before waiting: the browser works on them beside the page

function startsWithZeros(hash: Uint8Array, bits: number): boolean {
  const first = (hash[0] << 16) | (hash[1] << 8) | hash[2];
  return first >> (24 - bits) === 0;
}

// The smallest number that makes the hash of the challenge begin with so many zero bits.
async function solve(challenge: string, bits: number): Promise<number> {
  const encoder = new TextEncoder();
  for (let start = 0; ; start += AT_ONCE) {
    const tries = Array.from({ length: AT_ONCE }, (_, place) =>
      crypto.subtle.digest("SHA-256", encoder.encode(`${challenge}:${start + place}`)),
    );
    const found = (await Promise.all(tries)).findIndex((hash) => startsWithZeros(new Uint8Array(hash), bits));
    if (found >= 0) return start + found;
  }
}

async function prove(form: HTMLFormElement): Promise<void> {
  const proof = form.elements.namedItem("proof") as HTMLInputElement;
  const question = form.querySelector<HTMLElement>("[data-question]");
  const working = form.querySelector<HTMLElement>("[data-working]");
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  const wait = (isWaiting: boolean) => {
    question?.toggleAttribute("hidden", true);
    working?.toggleAttribute("hidden", !isWaiting);
    if (button) button.disabled = isWaiting;
  };
  wait(true);
  try {
    proof.value = String(await solve(form.dataset.challenge ?? "", Number(form.dataset.bits)));
    wait(false);
  } catch {
    wait(false);
    question?.toggleAttribute("hidden", false);
  }
}

const form = document.querySelector<HTMLFormElement>("form[data-challenge]");
if (form && window.crypto?.subtle) prove(form); // only over HTTPS or on this machine; else the question stays
restAfterSending();
