using System.Text.Json.Serialization.Metadata;

namespace Impetus.Server.Http;

/// <summary>What an endpoint does, takes and gives: the source of the OpenAPI document.</summary>
/// <param name="Summary">One sentence or two.</param>
/// <param name="Request">The contract of its JSON body, if it takes one.</param>
/// <param name="Response">The type of its JSON answer, if it gives one. Asked for by the document alone: types take long to make.</param>
/// <param name="Event">The type of each event, if it can answer with a stream.</param>
/// <param name="Status">The status of a good answer.</param>
/// <param name="Query">The contract of its query string, if it reads one.</param>
/// <param name="Form">The contract of its multipart form, if it takes one.</param>
/// <param name="Media">The type of an answer that is not JSON.</param>
internal sealed record Operation(
    string Summary, Contract? Request, Func<JsonTypeInfo>? Response, Func<JsonTypeInfo>? Event, int Status, Contract? Query, Contract? Form, string Media);

internal static class OperationExtensions
{
    /// <summary>Describes an endpoint. A test sees to it that each one is.</summary>
    public static TBuilder Describe<TBuilder>(
        this TBuilder endpoint,
        string summary,
        Func<JsonTypeInfo>? response = null,
        Contract? request = null,
        Func<JsonTypeInfo>? parts = null,
        int status = StatusCodes.Status200OK,
        Contract? query = null,
        Contract? form = null,
        string media = "text/plain")
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new Operation(summary, request, response, parts, status, query, form, media));
        return endpoint;
    }
}
