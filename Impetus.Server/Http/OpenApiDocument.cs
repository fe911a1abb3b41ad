using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Impetus.Server.Security;

namespace Impetus.Server.Http;

/// <summary>Describes all routes in the OpenAPI format, from what the endpoints themselves say.</summary>
internal static class OpenApiDocument
{
    private const string Json = "application/json";

    public static JsonObject Build(EndpointDataSource endpoints)
    {
        var schemas = new JsonObject { [nameof(ErrorEnvelope)] = Schema(CommonJson.Wire.ErrorEnvelope) };
        var paths = new JsonObject();
        foreach (var route in endpoints.Endpoints.OfType<RouteEndpoint>().OrderBy(PathOf, StringComparer.Ordinal))
        {
            if (route.Metadata.GetMetadata<Operation>() is not { } operation)
                continue;
            if (paths[PathOf(route)] is not JsonObject methods)
                paths[PathOf(route)] = methods = [];
            foreach (string method in route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)
                methods[method.ToLowerInvariant()] = Describe(route, operation, schemas);
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Impetus", ["version"] = ImpetusServer.Version },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = schemas,
            },
            ["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() }),
        };
    }

    /// <summary>A route's path as OpenAPI writes it: a parameter that takes slashes too is written like any other.</summary>
    public static string PathOf(RouteEndpoint route) => route.RoutePattern.RawText!.Replace("{**", "{", StringComparison.Ordinal);

    private static JsonObject Describe(RouteEndpoint route, Operation operation, JsonObject schemas)
    {
        var result = new JsonObject { ["summary"] = operation.Summary };
        if (route.Metadata.GetMetadata<OpenToAll>() is not null)
            result["security"] = new JsonArray();
        JsonObject[] parameters = [.. route.RoutePattern.Parameters.Select(p => Parameter(p.Name)), .. operation.Query?.All.Select(Parameter) ?? []];
        if (parameters.Length > 0)
            result["parameters"] = new JsonArray([.. parameters]);
        var bodies = new JsonObject();
        if (operation.Request is { } request)
            bodies[Json] = Named(request, schemas);
        if (operation.Form is { } form)
            bodies["multipart/form-data"] = Named(form, schemas);
        if (bodies.Count > 0)
            result["requestBody"] = new JsonObject { ["required"] = true, ["content"] = bodies };

        var content = new JsonObject();
        if (operation.Response is { } response)
            content[Json] = Named(response(), schemas);
        else if (operation.Event is null)
            content[operation.Media] = new JsonObject();
        if (operation.Event is { } parts)
            content["text/event-stream"] = Named(parts(), schemas);
        result["responses"] = new JsonObject
        {
            [operation.Status.ToString(CultureInfo.InvariantCulture)] =
                new JsonObject { ["description"] = "The answer.", ["content"] = content },
            ["default"] = new JsonObject
            {
                ["description"] = "What went wrong.",
                ["content"] = new JsonObject { [Json] = Reference(nameof(ErrorEnvelope)) },
            },
        };
        return result;
    }

    private static JsonObject Parameter(string name) => new()
    {
        ["name"] = name,
        ["in"] = "path",
        ["required"] = true,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Parameter(Field field) => new()
    {
        ["name"] = field.Name,
        ["in"] = "query",
        ["description"] = field.Description,
        ["schema"] = field.Schema(),
    };

    private static JsonObject Named(Contract contract, JsonObject schemas)
    {
        schemas[contract.Name] = contract.Schema();
        return Reference(contract.Name);
    }

    private static JsonObject Named(JsonTypeInfo type, JsonObject schemas)
    {
        schemas[type.Type.Name] = Schema(type);
        return Reference(type.Type.Name);
    }

    private static JsonObject Reference(string name) =>
        new() { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{name}" } };

    private static JsonNode Schema(JsonTypeInfo type)
    {
        var schema = type.GetJsonSchemaAsNode(new() { TreatNullObliviousAsNonNullable = true });
        return Inlined(schema, schema);
    }

    /// <summary>A type that occurs twice is a pointer into its own schema the second time, which would lead nowhere in a larger document.</summary>
    private static JsonNode Inlined(JsonNode node, JsonNode root) => node switch
    {
        JsonObject o when o["$ref"] is { } pointer =>
            Inlined(((string)pointer!).Split('/').Skip(1).Aggregate(root, (at, step) => at is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : at[step]!), root),
        JsonObject o => new JsonObject(o.Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : (JsonNode?)Inlined(member.Value, root)))),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : Inlined(item, root))]),
        _ => node.DeepClone(),
    };
}
