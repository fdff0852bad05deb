// One more meeting without asking the server: the last row again, as far from the last meeting as that is from the one before.
const WEEK = 7 * 24 * 3600 * 1000;

function read(field) {
  return field.value ? Date.parse(`${field.value}Z`) : NaN;
}

function show(moment) {
  return Number.isNaN(moment) ? "" : new Date(moment).toISOString().slice(0, 16);
}

for (const button of document.querySelectorAll("[data-add-meeting]")) {
  button.addEventListener("click", (event) => {
    const group = button.closest("fieldset");
    const rows = [...group.querySelectorAll("[data-meeting]")];
    const last = rows.at(-1);
    // The first of the further meetings has to come from the server, which knows how a row looks.
    if (!last) return;
    event.preventDefault();
    const form = button.form;
    const number = rows.length;
    const starts = [form.elements.starts_at, ...rows.map((row) => row.querySelector('[name$="-starts_at"]'))].map(read);
    const distance = starts.at(-1) - starts.at(-2);
    const far = distance > 0 && distance <= 5 * WEEK ? distance : WEEK;
    const row = last.cloneNode(true);
    row.setAttribute("aria-label", last.getAttribute("aria-label").replace(/\d+/, String(number + 2)));
    for (const error of row.querySelectorAll(".field-error")) error.remove();
    for (const part of row.querySelectorAll("[id], [for], [name]")) {
      for (const name of ["id", "for", "name"]) {
        if (part.hasAttribute(name)) {
          part.setAttribute(name, part.getAttribute(name).replace(/^meetings-\d+-/, `meetings-${number}-`));
        }
      }
    }
    for (const field of row.querySelectorAll("input")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      field.value = show(read(field) + far);
    }
    last.after(row);
    row.querySelector("input").focus();
  });
}
