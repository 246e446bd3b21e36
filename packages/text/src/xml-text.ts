const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/**
 * Foreign text as it may stand in an XML 1.0 document, between tags or between double quotes, on one line. What XML has no
 * way to say, controls and halves of characters, becomes U+FFFD.
 */
export const xmlText = (text: string): string =>
  text
    .replace(/[\t\r\n]+/g, ' ')
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => REFERENCES[character] ?? character);
