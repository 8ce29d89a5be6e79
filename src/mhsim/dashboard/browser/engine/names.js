// Names: identities of people, invented first names, and what groups are called where there are several.

const PERSON = /\b\d+-\d+-\d+\b/g;
const GROUP = /\b([Gg])roup (\d+)\b/g;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Return the name of a person in tables: community, step of arrival, index in that step. */
export function label({ identity }, community, who) {
  return `${community}-${who >>> identity.bits}-${who & ((1 << identity.bits) - 1)}`;
}

/** Return an invented name for each of these people, in order of arrival, those there at the start first. */
export function invented(facts, people) {
  const first = (step) => (step === facts.identity.starters ? -1 : step);
  const order = people.map((person) => {
    const [community, step, index] = person.split("-").map(Number);
    return [community, first(step), index, person];
  });
  order.sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
  return new Map(order.map(([, , , person], place) => [person, firstName(facts, place)]));
}

/** Return the name given in so many-th place; when all are given they start again with an initial. */
export function firstName({ first_names: names }, place) {
  let initials = "";
  for (let again = Math.floor(place / names.length); again; ) {
    const letter = again % LETTERS.length;
    again = Math.floor(again / LETTERS.length);
    initials = ` ${LETTERS[letter]}.${initials}`;
  }
  return names[place % names.length] + initials;
}

/** Return what a group is called where there are several: "the Tuesday group", "the Tuesday online group". */
export function groupName({ days, times }, number, form = "") {
  const time = times[Math.floor(number / days.length)], of = form ? ` ${form}` : "";
  if (time === undefined) return `${of.slice(1)} group ${number}`.trimStart();
  return `the ${days[number % days.length]}${time}${of} group`;
}

/** Return a text with invented names in place of identities, and of the numbers of groups. */
export function withNames(facts, text, names) {
  return text
    .replace(PERSON, (person) => names.get(person) ?? person)
    .replace(GROUP, (_, letter, number) => {
      const name = groupName(facts, Number(number));
      return letter === "G" ? name[0].toUpperCase() + name.slice(1) : name;
    });
}
