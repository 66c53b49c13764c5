// names: ordinary first and last names, by language, and the e-mail address made from them.

import type { Country } from "./countries";
import { pick } from "./draw";
import type { Random } from "./xoshiro128";

const names: Readonly<Record<Country["language"], { readonly first: string; readonly last: string }>> = {
  de: {
    first:
      "Anna Lena Julia Sophie Katharina Petra Sabine Monika Jana Greta Lukas Jonas Felix Stefan Markus Jürgen Thomas Tim Björn Karl",
    last: "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Schröder Neumann Krüger Vogel Groß",
  },
  fr: {
    first:
      "Camille Léa Manon Chloé Élodie Claire Julie Nathalie Hugo Louis Antoine Julien Nicolas Pierre François Théo",
    last: "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre Michel Garcia Roux",
  },
  nl: {
    first: "Emma Sanne Lotte Anouk Fleur Marieke Ilse Daan Sem Bram Thijs Ruben Koen Pieter Jeroen Maarten",
    last: "Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Peeters Maes Jacobs",
  },
  it: {
    first:
      "Giulia Chiara Francesca Martina Elena Paola Lucia Marco Luca Matteo Andrea Davide Paolo Giorgio Nicolò Stefano",
    last: "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Fontana Rizzo",
  },
  es: {
    first: "Lucía María Paula Carmen Elena Laura Sara Pablo Javier Carlos Miguel Álvaro Diego Sergio José Andrés",
    last: "García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Ruiz Díaz Moreno Muñoz Álvarez Romero Torres",
  },
  en: {
    first: "Olivia Emily Grace Hannah Sarah Megan Rachel Aoife Jack Thomas Daniel James Ryan Sean Michael David",
    last: "Smith Jones Taylor Brown Wilson Evans Walker Murphy Kelly O'Brien Johnson Miller Davis Clark Lewis Young",
  },
};

const listsOf = Object.fromEntries(
  Object.entries(names).map(([language, { first, last }]) => [
    language,
    { first: first.split(" "), last: last.split(" ") },
  ]),
);

export function nameOf(random: Random, language: Country["language"]): string {
  const { first, last } = listsOf[language] ?? { first: [], last: [] };
  return `${pick(random, first)} ${pick(random, last)}`;
}

// Reserved by RFC 2606: nobody's address.
const domains = ["example.com", "example.org", "example.net"];

/** The number keeps two people of one name apart. */
export function emailOf(random: Random, name: string, number: number): string {
  const local = name
    .normalize("NFD")
    .replace(/ß/g, "ss")
    .replace(/[^A-Za-z ]/g, "")
    .toLowerCase()
    .replace(" ", ".");
  return `${local}${number}@${pick(random, domains)}`;
}
