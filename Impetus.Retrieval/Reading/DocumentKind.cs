namespace Impetus.Retrieval.Reading;

/// <summary>The formats that a reader knows; each has one lower-case name in JSON (see <see cref="DocumentKinds"/>).</summary>
public enum DocumentKind
{
    Text,
    Markdown,
    Html,
    Pdf,
    Docx,
    Odt,
    Rtf,
    Doc,
    Pptx,
    Xlsx,
    Csv,
    Tsv,
    Epub,
    Json,
    Jsonl,
    Eml,
    Xml,
    Code,
}

/// <summary>Names and name endings of the kinds.</summary>
public static class DocumentKinds
{
    private static readonly Dictionary<string, DocumentKind> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        ["txt"] = DocumentKind.Text,
        ["text"] = DocumentKind.Text,
        ["log"] = DocumentKind.Text,
        ["md"] = DocumentKind.Markdown,
        ["markdown"] = DocumentKind.Markdown,
        ["mdown"] = DocumentKind.Markdown,
        ["html"] = DocumentKind.Html,
        ["htm"] = DocumentKind.Html,
        ["xhtml"] = DocumentKind.Html,
        ["pdf"] = DocumentKind.Pdf,
        ["docx"] = DocumentKind.Docx,
        ["docm"] = DocumentKind.Docx,
        ["dotx"] = DocumentKind.Docx,
        ["dotm"] = DocumentKind.Docx,
        ["odt"] = DocumentKind.Odt,
        ["ott"] = DocumentKind.Odt,
        ["rtf"] = DocumentKind.Rtf,
        ["doc"] = DocumentKind.Doc,
        ["dot"] = DocumentKind.Doc,
        ["pptx"] = DocumentKind.Pptx,
        ["pptm"] = DocumentKind.Pptx,
        ["ppsx"] = DocumentKind.Pptx,
        ["potx"] = DocumentKind.Pptx,
        ["xlsx"] = DocumentKind.Xlsx,
        ["xlsm"] = DocumentKind.Xlsx,
        ["xltx"] = DocumentKind.Xlsx,
        ["csv"] = DocumentKind.Csv,
        ["tsv"] = DocumentKind.Tsv,
        ["tab"] = DocumentKind.Tsv,
        ["epub"] = DocumentKind.Epub,
        ["json"] = DocumentKind.Json,
        ["jsonl"] = DocumentKind.Jsonl,
        ["ndjson"] = DocumentKind.Jsonl,
        ["eml"] = DocumentKind.Eml,
        ["xml"] = DocumentKind.Xml,
    };

    /// <summary>The kind's name in JSON and on the command line, e.g. <c>pdf</c>.</summary>
    public static string Name(this DocumentKind kind) => kind switch
    {
        DocumentKind.Text => "text",
        DocumentKind.Markdown => "markdown",
        DocumentKind.Html => "html",
        DocumentKind.Pdf => "pdf",
        DocumentKind.Docx => "docx",
        DocumentKind.Odt => "odt",
        DocumentKind.Rtf => "rtf",
        DocumentKind.Doc => "doc",
        DocumentKind.Pptx => "pptx",
        DocumentKind.Xlsx => "xlsx",
        DocumentKind.Csv => "csv",
        DocumentKind.Tsv => "tsv",
        DocumentKind.Epub => "epub",
        DocumentKind.Json => "json",
        DocumentKind.Jsonl => "jsonl",
        DocumentKind.Eml => "eml",
        DocumentKind.Xml => "xml",
        DocumentKind.Code => "code",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The kind of that JSON name.</summary>
    /// <exception cref="FormatException">No kind has the name.</exception>
    public static DocumentKind Parse(string name)
    {
        foreach (DocumentKind kind in Enum.GetValues<DocumentKind>())
            if (kind.Name() == name)
                return kind;
        throw new FormatException($"No document kind is called \"{name}\".");
    }

    /// <summary>What a file's name claims that it is, or null when its ending is unknown to us.</summary>
    public static DocumentKind? FromName(string fileName)
    {
        string extension = Path.GetExtension(fileName).TrimStart('.');
        if (ByExtension.TryGetValue(extension, out DocumentKind kind))
            return kind;
        return PlainText.SourceLanguages.FromName(fileName) is null ? null : DocumentKind.Code;
    }
}
