// A program with numbers to set, for scripts/optimise/toy.yaml: a beam of a width, a height and a material. Prints what it
// weighs, how far it bends, and its stress, as one line of JSON.
// Usage: node scripts/optimise/toy.mjs <width, cm> <height, cm> <material>
const MATERIALS = {
  // kg per cubic metre, GPa, MPa that it may bear
  pine: { density: 520, stiffness: 9, strength: 40 },
  aluminium: { density: 2700, stiffness: 70, strength: 200 },
  steel: { density: 7850, stiffness: 210, strength: 350 },
};
/** Length, m, and the force at the free end, N. */
const [LENGTH, FORCE] = [2, 1500];

const [widthCm, heightCm, name] = process.argv.slice(2);
const { density, stiffness, strength } = MATERIALS[name];
const [width, height] = [Number(widthCm) / 100, Number(heightCm) / 100];
const inertia = (width * height ** 3) / 12;
const stressMPa = (FORCE * LENGTH * (height / 2)) / inertia / 1e6;
console.log(
  JSON.stringify({
    massKg: density * LENGTH * width * height,
    deflectionMm: ((FORCE * LENGTH ** 3) / (3 * stiffness * 1e9 * inertia)) * 1000,
    load: stressMPa / strength,
  }),
);
