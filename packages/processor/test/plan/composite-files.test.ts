import { describe, expect, test } from 'vitest';
import { readDisplayNames } from '../../src/plan/display-names.ts';
import { readStreamLayout } from '../../src/plan/stream-layout.ts';

describe('names', () => {
  test.each([
    ['JSON', '{ "a": "Ann", "b": { "name": "Bob", "avatar": "b.png" }, "c": {} }'],
    ['CSV', 'id,name,avatar\r\na,Ann\r\nb,Bob,b.png\r\nc\r\n'],
    ['CSV without a first line, in quotes', '\ufeffa,"Ann"\n"b",Bob,"b.png"\nc,,'],
  ])('%s', (_, text) => {
    expect(readDisplayNames(text)).toEqual({
      a: { name: 'Ann' },
      b: { name: 'Bob', avatar: 'b.png' },
      c: {},
    });
  });

  test.each([
    [
      'JSON, a list as Stream has users',
      '[{"id":"a","name":"Ann"},{"id":"b","name":"Bob","image":"b.png"},{"id":"c"}]',
    ],
    ['CSV with columns in another order', 'avatar,user_id,E-Mail,name\n,a,a@b.c,Ann\nb.png,b,,Bob\n,c,,\n'],
    ['CSV as spreadsheets write it', 'user id;display name;image\r\na;Ann;\r\n"b";Bob;b.png\r\nc;;\r\n'],
    ['CSV with tabs', 'a\tAnn\nb\tBob\tb.png\nc\n'],
  ])('%s', (_, text) => {
    expect(readDisplayNames(text)).toEqual({
      a: { name: 'Ann' },
      b: { name: 'Bob', avatar: 'b.png' },
      c: {},
    });
  });

  test('CSV · what looks like syntax is a name', () => {
    expect(readDisplayNames('x,Dwayne "The Rock" Johnson')).toEqual({
      x: { name: 'Dwayne "The Rock" Johnson' },
    });
    expect(readDisplayNames('x,"Lee, ""Li""\nJr."')).toEqual({ x: { name: 'Lee, "Li"\nJr.' } });
  });

  test.each([
    ['{ "a": 3', 'no JSON'],
    ['{ "a": { "name": 3 } }', 'the name of "a" is no text'],
    ['{ "a": 5 }', 'the name of "a" is no text'],
    ['{ "users": [{ "id": "a" }] }', 'the name of "users" is no text'],
    ['[{ "name": "Ann" }]', 'entry 1 of the names has no id'],
    ['[7]', 'entry 1 of the names has no id'],
    ['name,avatar\nAnn,a.png', 'no column of the names is called id'],
    ['a,Ann\nb,"Bob', /no CSV: Quote Not Closed: .* at line 2/],
    ['id,name\n,Ann', 'line 2 of the names has no id'],
    ['alice\nbob\n', 'no line has a name: write id,name,avatar in each'],
  ])('%j is refused', (text, message) => {
    expect(() => readDisplayNames(text)).toThrow(message);
  });
});

describe("Stream's layout options", () => {
  // Witnessed: Stream's documentation and its SDKs' tests.
  test('what has a like is taken, what has none is named', () => {
    const options = {
      'logo.image_url': 'https://example.com/logo.png',
      'logo.horizontal_position': 'center',
      'title.text': 'Building Stream Video Q&A',
      'title.color': 'black',
      'layout.background_color': '#f2f2f2',
      'participant.video_highlight_border_color': '#7CFC00',
      'participant.label_display': false,
      'video.scale_mode': 'fill',
      'grid.columns': 5,
      screenshare_layout: 'spotlight',
    };
    expect(readStreamLayout({ name: 'spotlight', options })).toEqual({
      request: {
        layout: 'spotlight',
        title: 'Building Stream Video Q&A',
        background: '#f2f2f2',
        speakerBorder: '#7CFC00',
        labels: false,
        fit: 'cover',
        columns: 5,
      },
      ignored: ['logo.image_url', 'logo.horizontal_position', 'title.color'],
    });
  });

  test.each([
    [{ name: 'grid', options: {} }, { layout: 'auto' }, []],
    [{ name: 'grid', options: { screenshare_layout: 'grid' } }, { layout: 'grid' }, []],
    [{ name: 'mobile', options: {} }, {}, ['name']],
    [{ 'layout.grid.page_size': 9, 'grid.columns': 3 }, { places: 9, columns: 3 }, []],
    [{ 'layout.grid.page_size': 0, 'grid.columns': '3' }, {}, ['layout.grid.page_size', 'grid.columns']],
    [{ 'logo.image_url': 'pictures/logo.png' }, { logo: 'pictures/logo.png' }, []],
    [
      { 'title.text': '', 'participant.label_display': 'no' },
      {},
      ['title.text', 'participant.label_display'],
    ],
    [
      { name: 'single-participant', options: { screenshare_layout: 'single-participant' } },
      { layout: 'single' },
      [],
    ],
    [
      { name: 'spotlight', options: { screenshare_layout: 'grid', 'video.scale_mode': 'stretch' } },
      { layout: 'spotlight' },
      ['screenshare_layout', 'video.scale_mode'],
    ],
    [{ 'video.background_color': 'black' }, { background: '#000000' }, []],
    [
      { 'video.background_color': '#abc', 'video.scale_mode': 'fit' },
      { background: '#aabbcc', fit: 'contain' },
      [],
    ],
    [
      { 'video.background_color': 'transparent', constructor: 1 },
      {},
      ['video.background_color', 'constructor'],
    ],
  ])('%j', (layout, request, ignored) => {
    expect(readStreamLayout(layout)).toEqual({ request, ignored });
  });

  test('something else is refused', () => {
    expect(() => readStreamLayout(['grid'])).toThrow('no object');
    // A layout without options has its name.
    expect(readStreamLayout({ name: 'spotlight' })).toEqual({
      request: { layout: 'spotlight' },
      ignored: [],
    });
    expect(readStreamLayout({ name: 'mobile' })).toEqual({ request: {}, ignored: ['name'] });
  });
});
