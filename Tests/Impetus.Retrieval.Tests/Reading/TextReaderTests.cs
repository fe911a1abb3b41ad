using System.Text;
using Impetus.Retrieval.Reading;
using Impetus.Retrieval.Reading.PlainText;

namespace Impetus.Retrieval.Tests.Reading;

/// <summary>One rule of the formats that are text at a time, and how files are told apart.</summary>
public sealed class TextReaderTests
{
    private static ExtractedDocument Read(string text, string name) => new DocumentReader().Read(Encoding.UTF8.GetBytes(text), name);

    [Theory]
    [InlineData("windows-1251", "Київ – столиця України, її мова українська.")]
    [InlineData("koi8-r", "Привет, мир! Это короткая строка.")]
    [InlineData("ibm866", "Обсерватория стоит на первом галечном гребне.")]
    [InlineData("windows-1252", "L’observatoire se trouve à onze kilomètres. Où êtes-vous ?")]
    [InlineData("windows-1252", "Año nuevo, niño pequeño.")]
    [InlineData("windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy. Hvězdárna stojí na hřebeni.")]
    [InlineData("iso-8859-2", "Zażółć gęślą jaźń. Obserwatorium stoi na pierwszym grzbiecie.")]
    [InlineData("windows-1253", "Το αστεροσκοπείο βρίσκεται στην πρώτη ράχη.")]
    [InlineData("windows-1254", "Gözlemevi, iskelenin on bir kilometre doğusundaki ilk çakıl sırtında.")]
    [InlineData("windows-1255", "המצפה עומד על רכס החצץ הראשון, אחד עשר קילומטרים ממזרח למעגן.")]
    [InlineData("windows-1256", "يقع المرصد على أول حافة من الحصى شرق مرسى العبارة.")]
    [InlineData("windows-1257", "Observatorija atrodas uz pirmās grants grēdas. Ļoti labi.")]
    [InlineData("windows-874", "หอดูดาวตั้งอยู่บนสันกรวดแรก")]
    [InlineData("gb18030", "盐沼天文台位于第一道砾石脊上，距渡口以东十一公里。")]
    [InlineData("big5", "鹽沼天文台位於第一道礫石脊上，距渡口以東十一公里。")]
    [InlineData("shift_jis", "塩沼天文台は最初の礫の尾根に立っている。")]
    [InlineData("euc-jp", "塩沼天文台は最初の礫の尾根に立っている。")]
    [InlineData("iso-2022-jp", "塩沼天文台は最初の礫の尾根に立っている。")]
    [InlineData("ks_c_5601-1987", "소금습지 천문대는 첫 번째 자갈 능선 위에 서 있다.")]
    [InlineData("macintosh", "L’observatoire se trouve à onze kilomètres. Où êtes-vous ?")]
    [InlineData("utf-16", "Die Sternwarte steht östlich der Fähre.")]
    [InlineData("utf-16BE", "Die Sternwarte steht östlich der Fähre.")]
    public void A_text_without_a_mark_is_guessed_and_the_guess_is_said(string encoding, string text)
    {
        byte[] bytes = TextDecoder.FromLabel(encoding) is { } known && !encoding.StartsWith("utf-16", StringComparison.Ordinal) ? known.GetBytes(text) : Encoding.GetEncoding(encoding).GetBytes(text);
        ExtractedDocument document = new DocumentReader().Read(bytes, "letter.txt");
        Assert.Equal(text, document.Text);
        Assert.True(document.Encoding!.Value.Guessed);
        Assert.Contains(document.Encoding.Value.Name, Assert.Single(document.Warnings, warning => warning.Code == "encoding_guessed").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_byte_does_not_make_utf_8_a_legacy_code_page()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("Größere Öffnungen überprüft der Wärter täglich vor dem Frühstück. Größe: 5 "), 0xE2, 0x82];
        ExtractedDocument document = new DocumentReader().Read(bytes, "cut.txt");
        Assert.StartsWith("Größere Öffnungen", document.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%PDF-1.7\n", "letter.txt", ReadError.WrongType)]
    [InlineData("{\\rtf1 x}", "letter.pdf", ReadError.WrongType)]
    [InlineData("plain words", "letter.docx", ReadError.WrongType)]
    [InlineData("\u0089PNG", "letter.txt", ReadError.WrongType)]
    [InlineData("\u0089PNG", "picture.png", ReadError.Unsupported)]
    [InlineData("PK\u0003\u0004 cut", "letter.docx", ReadError.Damaged)]
    [InlineData(" \r\n\t", "letter.txt", ReadError.NoText)]
    [InlineData("", "letter.pdf", ReadError.Empty)]
    public void A_file_that_is_not_what_it_is_called_is_refused(string content, string name, ReadError expected) =>
        Assert.Equal(expected, Assert.Throws<ReadException>(() => new DocumentReader().Read(Encoding.Latin1.GetBytes(content), name)).Error);

    [Theory]
    [InlineData("<!doctype html><p>Words", DocumentKind.Html)]
    [InlineData("<?xml version=\"1.0\"?><a>Words</a>", DocumentKind.Xml)]
    [InlineData("From: a@example.org\r\nSubject: Words\r\n\r\nWords", DocumentKind.Eml)]
    [InlineData("{\"a\": \"Words\"}", DocumentKind.Json)]
    [InlineData("{\\rtf1 Words}", DocumentKind.Rtf)]
    [InlineData("Words", DocumentKind.Text)]
    public void Without_a_telling_name_the_content_decides(string content, DocumentKind expected) =>
        Assert.Equal(expected, Read(content, "upload").Kind);

    [Fact]
    public void Front_matter_code_and_tables_of_markdown_are_what_they_are()
    {
        ExtractedDocument document = Read("---\ntitle: 'A manual'\nauthor: Ada\n---\nSee [the *log*](x.md).\n\n1. one\n2. two\n\n~~~\n# code\n~~~\n\n|a|b|\n|-|-|\n|1|`2`|\n", "a.md");
        Assert.Equal("See the log.\n\n1. one\n2. two\n\n# code\n\na\tb\n1\t2", document.Text);
        Assert.Equal(("A manual", "Ada"), (document.Title, document.Metadata["author"]));
        Assert.Equal([BlockKind.Paragraph, BlockKind.ListItem, BlockKind.ListItem, BlockKind.Code, BlockKind.Table], document.Blocks.Select(block => block.Kind));
    }

    [Fact]
    public void A_page_of_nothing_but_furniture_is_read_all_the_same() =>
        Assert.Equal("Home", Read("<html><body><nav><p>Home</p></nav></body></html>", "a.html").Text);

    [Fact]
    public void Lists_of_links_banners_and_hidden_parts_of_a_page_are_left_out() =>
        Assert.Equal("Tides\n\nSpring tides reach 6.4 metres.", Read("""
            <body><div class="site-header"><a href=/>Home</a></div><div id="cookie-banner">Accept all</div>
            <ul><li><a href=1>One</a><li><a href=2>Two</a><li><a href=3>Three</a><li><a href=4>Four</a></ul>
            <div><h1>Tides</h1><p>Spring tides <b>reach</b> 6.4
            metres.</p><p style="display: none">Hidden</p></div><footer>Imprint</footer></body>
            """.Replace("site-header", "navbar", StringComparison.Ordinal), "a.html").Text);

    [Fact]
    public void Bytes_of_rich_text_are_of_the_code_page_of_their_font_and_notes_stand_after_their_paragraph()
    {
        ExtractedDocument document = Read(@"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}{\stylesheet{\s1 heading 1;}}{\info{\title A manual}}" +
            @"\pard\s1 Title\par\pard\f0 Gr\'f6\'dfe {\f1\'cf\'f0\'e8\'e2\'e5\'f2}{\footnote A note.} \u8364?5{\v hidden}\par\trowd\pard\intbl a\cell b\cell\row\pard End\par}", "a.rtf");
        Assert.Equal("Title\n\nGröße Привет €5\n\nA note.\n\na\tb\n\nEnd", document.Text);
        Assert.Equal("A manual", document.Title);
        Assert.Equal("Title", Assert.Single(document.Headings).Text);
    }

    [Theory]
    [InlineData("a;b\n1,5;2,5\n", "a\tb\n1,5\t2,5")]
    [InlineData("a,b\n\"x, y\",2\n", "a\tb\nx, y\t2")]
    [InlineData("sep=|\na|b\n", "a\tb")]
    public void The_separator_of_values_is_found(string csv, string table) => Assert.Equal(table, Read(csv, "a.csv").Text);

    [Fact]
    public void A_mail_with_html_alone_and_a_mail_inside_of_it_is_read()
    {
        ExtractedDocument document = Read("Subject: Outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hello <i>there</i></p>\r\n--b\r\n" +
            "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=inner.eml\r\n\r\nSubject: Inner\r\n\r\nDeep words\r\n--b--\r\n", "a.eml");
        Assert.Equal("Outer\n\nHello there\n\nInner\n\nDeep words", document.Text);
        Assert.Equal(["inner.eml"], document.Attachments);
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", ReadError.UnsafeXml)]
    [InlineData("<a><b></a>", ReadError.Damaged)]
    public void Xml_with_entities_or_faults_is_refused(string xml, ReadError expected) =>
        Assert.Equal(expected, Assert.Throws<ReadException>(() => Read(xml, "a.xml")).Error);

    [Fact]
    public void Xml_is_read_as_lines_and_amid_text_as_text() =>
        Assert.Equal("year: 1891\nMain refractor\n\nIt is very good.", Read("<c><item year=\"1891\"><name>Main refractor</name></item><p>It is <b>very</b> good.</p></c>", "a.xml").Text);

    [Fact]
    public void Nested_json_is_indented_and_broken_json_is_text_with_a_warning()
    {
        Assert.Equal("a: 1\n\nb:\n  - x\n  - c: y", Read("""{"a":1,"b":["x",{"c":"y"}],"n":null}""", "a.json").Text);
        Assert.Equal("invalid_json", Assert.Single(Read("{\"a\": words", "a.json").Warnings).Code);
    }

    [Fact]
    public void Text_over_the_limit_is_refused_and_not_cut()
    {
        ReadException error = Assert.Throws<ReadException>(() => new DocumentReader(new ReadingLimits { Characters = 10 }).Read("more than ten characters"u8.ToArray(), "a.txt"));
        Assert.Equal(ReadError.TooLarge, error.Error);
    }

    [Fact]
    public async Task An_inspection_is_one_json_object_whose_offsets_count_code_points()
    {
        using MemoryStream output = new();
        Assert.True(await DocumentInspection.WriteAsync(new DocumentReader(), "😀 smile\n\n# Über\n"u8.ToArray(), "a.md", output));
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(output.ToArray());
        Assert.Equal("markdown", json.RootElement.GetProperty("kind").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.RootElement.GetProperty("pages")[0].GetProperty("number").ValueKind);
        Assert.Equal("😀 smile\n\nÜber", json.RootElement.GetProperty("pages")[0].GetProperty("text").GetString());
        Assert.Equal(9, json.RootElement.GetProperty("headings")[0].GetProperty("start").GetInt32());

        output.SetLength(0);
        Assert.False(await DocumentInspection.WriteAsync(new DocumentReader(), ReadOnlyMemory<byte>.Empty, "a.md", output));
        using System.Text.Json.JsonDocument error = System.Text.Json.JsonDocument.Parse(output.ToArray());
        Assert.Equal("empty", error.RootElement.GetProperty("error").GetProperty("code").GetString());
    }
}
