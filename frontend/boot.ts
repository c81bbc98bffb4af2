// Runs before the first paint, so it is tiny: scripts are there; whether flex gaps are (Chrome 84 and later).
const root = document.documentElement;
root.classList.add('js');
const probe = document.createElement('div');
probe.style.display = 'flex';
probe.style.flexDirection = 'column';
probe.style.position = 'absolute';
if (!('rowGap' in probe.style)) {
  root.classList.add('no-flexgap');
} else {
  probe.style.rowGap = '1px';
  probe.appendChild(document.createElement('i'));
  probe.appendChild(document.createElement('i'));
  root.appendChild(probe);
  if (probe.scrollHeight !== 1) root.classList.add('no-flexgap');
  root.removeChild(probe);
}
