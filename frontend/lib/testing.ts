/** Show `html` as a browser would: parsed whole, then put into the page (happy-dom connects elements while it parses). */
export function show(html: string): void {
  const whole = document.createElement('div');
  whole.innerHTML = html;
  document.body.textContent = '';
  document.body.append(...Array.from(whole.childNodes));
}
