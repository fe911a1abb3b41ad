using System.Globalization;
using System.Text.Json;
using Impetus.Server.Http;
using Impetus.Server.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Impetus.Server.Tests.Http;

/// <summary>Routes, <c>/openapi.json</c> and the pages of <c>docs/api</c> say the same.</summary>
public sealed class ApiPagesTests : IAsyncLifetime
{
    private readonly IReadOnlyList<ApiRoute> _pages = ApiPages.Read(Path.Combine(Fixture.Repository, "docs", "api"));
    private RunningServer _server = null!;
    private JsonElement _document;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.InMemoryAsync();
        _document = await (await _server.Client.GetAsync("/openapi.json")).JsonAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Routes_document_and_pages_name_the_same_routes()
    {
        var routes = _server.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(m => $"{m} {OpenApiDocument.PathOf(e)}")).Order();
        var documented = _document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}")).Order();
        Assert.Equal(routes, documented);
        Assert.Equal(routes, _pages.Select(p => p.Name).Order());
    }

    [Fact]
    public void Document_and_pages_name_the_same_fields()
    {
        foreach (var page in _pages)
        {
            var operation = Operation(page.Name);
            Same(page, "Request", Schema(operation, "requestBody", "application/json"));
            Same(page, "Form", Schema(operation, "requestBody", "multipart/form-data"));
            Same(page, "Query", QueryNames(operation));
            Same(page, "Response", Schema(operation, "responses", "application/json"));
            // Where events have the answer's own shape, one table is enough.
            if (page.Sections.ContainsKey("Events") || !SameTypeInBoth(operation))
                Same(page, "Events", Schema(operation, "responses", "text/event-stream"));
        }
    }

    [Fact]
    public void The_pages_tell_every_range()
    {
        foreach (var page in _pages.Where(p => p.Sections.ContainsKey("Request")))
        {
            foreach (var (name, schema) in Flatten(Schema(Operation(page.Name), "requestBody", "application/json")!.Value))
            {
                if (schema.TryGetProperty("minimum", out var min) && schema.TryGetProperty("maximum", out var max))
                    Assert.Contains(
                        string.Create(CultureInfo.InvariantCulture, $"{min.GetDouble()} to {max.GetDouble()}"), page.Sections["Request"][name], StringComparison.Ordinal);
                if (schema.Text("description").StartsWith("Not supported", StringComparison.Ordinal))
                    Assert.Contains("refused", page.Sections["Request"][name], StringComparison.Ordinal);
                if (schema.Text("description").StartsWith("Accepted and ignored", StringComparison.Ordinal))
                    Assert.Contains("ignored", page.Sections["Request"][name], StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Every_reference_in_the_document_leads_somewhere()
    {
        var schemas = _document.GetProperty("components").GetProperty("schemas");
        var references = Descendants(_document).Where(e => e.ValueKind == JsonValueKind.Object && e.TryGetProperty("$ref", out _)).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.True(schemas.TryGetProperty(r.Text("$ref").Replace("#/components/schemas/", "", StringComparison.Ordinal), out _), r.GetRawText()));
    }

    private bool SameTypeInBoth(JsonElement operation) =>
        Schema(operation, "responses", "text/event-stream") is { } events
            && Schema(operation, "responses", "application/json") is { } answer && events.GetRawText() == answer.GetRawText();

    private JsonElement Operation(string route)
    {
        var paths = _document.GetProperty("paths");
        return paths.GetProperty(route.Split(' ')[1]).GetProperty(route.Split(' ')[0].ToLowerInvariant());
    }

    private JsonElement? Schema(JsonElement operation, string part, string type)
    {
        if (!operation.TryGetProperty(part, out var message))
            return null;
        if (part == "responses")
            message = message.EnumerateObject().First().Value;
        if (!message.GetProperty("content").TryGetProperty(type, out var content))
            return null;
        string name = content.GetProperty("schema").Text("$ref").Split('/')[^1];
        return _document.GetProperty("components").GetProperty("schemas").GetProperty(name);
    }

    private static IEnumerable<string> QueryNames(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Where(parameter => parameter.Text("in") == "query").Select(parameter => parameter.Text("name"))
        : [];

    private static void Same(ApiRoute page, string section, JsonElement? schema) =>
        Same(page, section, schema is { } found ? Flatten(found).Select(f => f.Name).Distinct() : []);

    private static void Same(ApiRoute page, string section, IEnumerable<string> names)
    {
        var fields = names.Order(StringComparer.Ordinal).ToList();
        var rows = page.Sections.GetValueOrDefault(section)?.Keys.Order(StringComparer.Ordinal).ToList() ?? [];
        string missing = string.Join("\n", fields.Except(rows)), invented = string.Join("\n", rows.Except(fields));
        Assert.True(missing.Length + invented.Length == 0, $"{page.File}, {page.Name}, {section}:\nmissing:\n{missing}\ninvented:\n{invented}");
    }

    private static IEnumerable<(string Name, JsonElement Schema)> Flatten(JsonElement schema, string prefix = "")
    {
        if (schema.ValueKind != JsonValueKind.Object)
            yield break;
        if (schema.TryGetProperty("anyOf", out var kinds))
        {
            foreach (var field in kinds.EnumerateArray().SelectMany(kind => Flatten(kind, prefix)))
                yield return field;
        }

        if (schema.TryGetProperty("items", out var items))
        {
            foreach (var field in Flatten(items, prefix.Length == 0 ? "" : prefix[..^1] + "[]."))
                yield return field;
        }

        if (!schema.TryGetProperty("properties", out var properties))
            yield break;
        foreach (var property in properties.EnumerateObject())
        {
            yield return (prefix + property.Name, property.Value);
            foreach (var field in Flatten(property.Value, $"{prefix}{property.Name}."))
                yield return field;
        }
    }

    private static IEnumerable<JsonElement> Descendants(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Descendants(p.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Descendants),
        _ => [],
    };
}
