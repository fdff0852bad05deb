// Whoever chooses a measure is offered its units at once. Without script they come with the next preview, and the site fills in
// the usual one when it is left empty.
document.addEventListener("change", (event) => {
  const measure = event.target;
  if (!(measure instanceof HTMLSelectElement) || !/^metrics-\d+-measure$/.test(measure.name)) return;
  const unit = measure.form.elements[measure.name.replace(/measure$/, "unit")];
  const units = document.getElementById(`units-${measure.value}`);
  if (units) unit.setAttribute("list", units.id);
  else unit.removeAttribute("list");
  unit.placeholder = units?.options[0]?.value ?? "";
});
