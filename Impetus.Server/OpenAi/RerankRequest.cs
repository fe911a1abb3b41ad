using System.Text.Json;
using System.Text.Json.Nodes;
using Impetus.Server.Http;
using Impetus.Server.Management;

namespace Impetus.Server.OpenAi;

/// <summary>A request to score documents, in the shape that Jina and Cohere share.</summary>
/// <param name="Model">The reranker that it names.</param>
/// <param name="KeepAlive">How long the model is to stay.</param>
/// <param name="Query">What is asked.</param>
/// <param name="Documents">What may answer it.</param>
/// <param name="TopN">How many of the best are sent.</param>
/// <param name="ReturnDocuments">Whether their texts are sent back.</param>
/// <param name="Truncate">Whether pairs that are too long are cut.</param>
internal sealed record RerankRequest(string Model, KeepAlive? KeepAlive, string Query, IReadOnlyList<string> Documents, int TopN, bool ReturnDocuments, bool Truncate)
{
    private const int MaxDocuments = 2048;

    private static readonly Field<string> ModelField = Fields.Text("model", "The id of a reranker, as GET /v1/models lists it.", 512, required: true);

    private static readonly Field<string> QueryField = new(
        "query", "What is asked.", () => Fields.Schema("string"),
        value => value.Text() is { Length: > 0 } text ? text : throw ApiException.Invalid(value.Path, "query is empty.", "empty_input"), required: true);

    private static readonly Field<string> DocumentText = Fields.Text("text", "The document.", required: true);
    private static readonly Contract DocumentContract = new("RerankDocument", [DocumentText]);

    private static readonly Field<IReadOnlyList<string>> DocumentsField = new(
        "documents",
        "What may answer it: texts, or objects with a text.",
        () => new()
        {
            ["type"] = "array",
            ["maxItems"] = MaxDocuments,
            ["items"] = new JsonObject { ["anyOf"] = new JsonArray(Fields.Schema("string"), DocumentContract.Schema()) },
        },
        value => ReadDocuments(value), required: true);

    private static readonly Field<int?> TopNField = Fields.Integer("top_n", 1, int.MaxValue, "Only so many of the best are sent. Absent: all.");
    private static readonly Field<bool?> ReturnField = Fields.Flag("return_documents", "Whether the texts are sent back.");
    private static readonly Field<bool?> TruncateField = Fields.Flag(
        "truncate", "Whether pairs that are too long are cut, and listed in the answer's truncated. Absent: they are refused.");

    public static Contract Contract { get; } = new(
        "RerankRequest", [ModelField, CommonFields.KeepAlive, QueryField, DocumentsField, TopNField, ReturnField, TruncateField, .. CommonFields.Advisory]);

    public static RerankRequest Read(RequestValue body)
    {
        var fields = Contract.Read(body);
        var documents = fields.Require(DocumentsField);
        return new(
            fields.Require(ModelField),
            fields.Get(CommonFields.KeepAlive),
            fields.Require(QueryField),
            documents,
            Math.Min(fields.Get(TopNField) ?? documents.Count, documents.Count),
            fields.Get(ReturnField) ?? false,
            fields.Get(TruncateField) ?? false);
    }

    private static string[] ReadDocuments(RequestValue value)
    {
        if (value.Kind == JsonValueKind.Array && value.Element.GetArrayLength() == 0)
            throw ApiException.Invalid(value.Path, "documents is an empty list. Send at least one.", "empty_input");
        return [.. value.Items(MaxDocuments, "documents").Select(item =>
            item.Kind == JsonValueKind.Object ? DocumentContract.Read(item).Require(DocumentText) : item.Text())];
    }
}
