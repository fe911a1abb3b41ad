using System.Text.Json.Serialization;
using Impetus.Server.Http;
using Impetus.Server.Security;

namespace Impetus.Server.Management;

/// <summary>Named keys: one for each program, so that it can be taken away alone.</summary>
internal static class KeyEndpoints
{
    private const int MaxName = 64;

    private static readonly Field<string> Name = Fields.Text("name", "What the key is for.", MaxName, required: true);

    private static readonly Contract NewKey = new("NewKeyRequest", [Name]);

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/keys", List).WithMetadata(OwnerOnly.Instance)
            .Describe("Lists the named keys, without the keys themselves. Needs the first key.", () => KeyEndpointJson.Wire.KeyObjects);
        routes.MapPost("/api/keys", AddAsync).WithMetadata(OwnerOnly.Instance)
            .Describe(
                "Makes a named key, which is shown this once. Needs the first key.",
                () => KeyEndpointJson.Wire.CreatedKey,
                NewKey,
                status: StatusCodes.Status201Created);
        routes.MapDelete("/api/keys/{name}", Revoke).WithMetadata(OwnerOnly.Instance)
            .Describe("Makes a named key useless, at once. Needs the first key.", () => KeyEndpointJson.Wire.RevokedKey);
    }

    private static ApiKeys Keys(HttpContext context) => context.RequestServices.GetRequiredService<ApiKeys>();

    private static Task List(HttpContext context) => context.Response.WriteJsonAsync(
        new("list", [.. Keys(context).List().Select(key => new KeyObject(key.Name, key.Created.ToUnixTimeSeconds()))]),
        KeyEndpointJson.Wire.KeyObjects);

    private static async Task AddAsync(HttpContext context)
    {
        string name = await RequestBody.ReadAsync(context, body => NewKey.Read(body).Require(Name));
        if (name.Length == 0 || name.Any(c => char.IsControl(c) || c == '/'))
            throw ApiException.Invalid("name", "name must have at least one character, and neither control characters nor slashes.");
        try
        {
            string key = Keys(context).Add(name);
            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.WriteJsonAsync(new(name, key), KeyEndpointJson.Wire.CreatedKey);
        }
        catch (ArgumentException fault)
        {
            throw ApiException.Invalid("name", fault.Message.Split(" (Parameter")[0]);
        }
    }

    private static Task Revoke(HttpContext context)
    {
        string name = (string)context.GetRouteValue("name")!;
        return Keys(context).Revoke(name)
            ? context.Response.WriteJsonAsync(new(name, true), KeyEndpointJson.Wire.RevokedKey)
            : throw new ApiException(StatusCodes.Status404NotFound, $"There is no key named '{name}'.", "not_found", "name");
    }
}

/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The keys.</param>
internal sealed record KeyObjects(string Object, IReadOnlyList<KeyObject> Data);

/// <param name="Name">What the key is for.</param>
/// <param name="Created">Seconds since 1970.</param>
internal sealed record KeyObject(string Name, long Created);

/// <param name="Name">What the key is for.</param>
/// <param name="Key">The key.</param>
internal sealed record CreatedKey(string Name, string Key);

/// <param name="Name">The key's name.</param>
/// <param name="Deleted">Always true.</param>
internal sealed record RevokedKey(string Name, bool Deleted);

[JsonSerializable(typeof(KeyObjects))]
[JsonSerializable(typeof(CreatedKey))]
[JsonSerializable(typeof(RevokedKey))]
internal sealed partial class KeyEndpointJson : JsonSerializerContext
{
    public static KeyEndpointJson Wire { get; } = new(WireFormat.Options());
}
