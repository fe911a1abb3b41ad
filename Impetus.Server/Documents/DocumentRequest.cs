using System.Text;
using System.Text.Json;
using Impetus.Retrieval.Indexing;
using Impetus.Retrieval.Reading;
using Impetus.Server.Http;

namespace Impetus.Server.Documents;

/// <summary>The fields of a document that is sent: as JSON with its text, or as a form with its file.</summary>
internal static class DocumentRequest
{
    public const string DefaultCollection = "documents";

    /// <summary>The most files of one form.</summary>
    public const int MaxFiles = 100;

    /// <summary>The largest file, and the largest form, in bytes.</summary>
    public static readonly long MaxBytes = ReadingLimits.Default.FileBytes;

    private static readonly Field<string> File = new(
        FormBody.FileName, "A file, or several; a name tells the format where the content leaves it open.", () => Fields.Schema("string"), _ => "", required: true);

    private static readonly Field<string> TextField = Fields.Text("text", "The document's text; or else url.");

    private static readonly Field<string> UrlField = Fields.Text(
        "url", "Where the document is fetched, http:// or https://, if the server is started with --fetch-urls on; or else text.", 4096);

    private static readonly Field<string> Name = Fields.Text(
        "name", "A file name; its ending tells how the text is read (.md, .html, .csv …). Absent: document.txt.", 512);

    private static readonly Field<string> Collection = LibraryFields.Collection(
        "collection", $"The collection, made where it does not exist. Absent: {DefaultCollection}.");

    private static readonly Field<string> Source = Fields.Text(
        "source", "Where it comes from: a path, a URL, a name of yours. It replaces the document that came from there before.", 4096);

    private static readonly Field<string> Title = Fields.Text("title", "In place of the title that the document states.", 512);

    private static readonly Field<DateTimeOffset?> Modified = LibraryFields.Moment("modified", "When it was last changed; filters see it.");

    private static readonly IReadOnlyList<Field> Common = [Collection, Source, Title, LibraryFields.Metadata, Modified];

    public static Contract Contract { get; } = new("DocumentRequest", [TextField, UrlField, Name, .. Common]);

    public static FormShape Form { get; } = new(new("DocumentForm", [File, .. Common]), MaxBytes, MaxFiles);

    /// <summary>The document of a JSON body; one that is yet to be fetched has no bytes, and the address to fetch it from.</summary>
    public static (NewDocument Document, string? Url) Read(RequestValue body)
    {
        var fields = Contract.Read(body);
        string? url = fields.Get(UrlField), text = fields.Get(TextField);
        if (url is null && text is null)
            throw ApiException.Invalid(TextField.Name, "text is required: the document's text, or else url, where it is fetched.", "missing_required_parameter");
        if (url is not null && text is not null)
            throw ApiException.Invalid(UrlField.Name, "text and url exclude each other.");
        string name = fields.Get(Name) ?? (url is null ? "document.txt" : "");
        return (Describe(fields, new NewDocument(name, Encoding.UTF8.GetBytes(text ?? ""))), url);
    }

    /// <summary>The documents of a form: what its fields say holds for each.</summary>
    public static IReadOnlyList<NewDocument> Read(FieldReader fields, IReadOnlyList<SentFile> files)
    {
        if (files.Count > 1 && (fields.Has(Source) || fields.Has(Title)))
        {
            string field = fields.Has(Source) ? Source.Name : Title.Name;
            throw ApiException.Invalid(field, $"{field} is of one document, and the form has {files.Count} files. Send the files one by one.");
        }

        return [.. files.Select(file => Describe(fields, new NewDocument(file.Name, file.Bytes) { ContentType = file.ContentType }))];
    }

    private static NewDocument Describe(FieldReader fields, NewDocument document) => document with
    {
        Collection = fields.Get(Collection) ?? DefaultCollection,
        Source = fields.Get(Source),
        Title = fields.Get(Title),
        Metadata = fields.Get(LibraryFields.Metadata),
        Modified = fields.Get(Modified),
    };
}
