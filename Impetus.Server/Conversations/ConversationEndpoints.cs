using System.Text.Json.Serialization;
using Impetus.Server.Documents;
using Impetus.Server.Http;

namespace Impetus.Server.Conversations;

/// <summary>Kept conversations: listed, read, deleted. Chat completions begin and continue them.</summary>
internal static class ConversationEndpoints
{
    private static readonly Contract Listing = new("ConversationQuery", [LibraryFields.Limit, LibraryFields.After]);

    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/conversations", ListAsync).Describe(
            "Lists kept conversations, the last continued first.", () => ConversationsJson.Wire.ConversationList, query: Listing);
        routes.MapGet("/v1/conversations/{id}", GetAsync).Describe("A kept conversation with all that was said.", () => ConversationsJson.Wire.ConversationObject);
        routes.MapDelete("/v1/conversations/{id}", DeleteAsync).Describe("Deletes a kept conversation.", () => ConversationsJson.Wire.DeletedObject);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var fields = QueryFields.Read(context, Listing);
        int limit = fields.Get(LibraryFields.Limit) ?? 20;
        var found = Store(context).List(limit + 1, fields.Get(LibraryFields.After));
        var page = found.Take(limit).Select(about => ConversationObject.Of(about, null)).ToList();
        await context.Response.WriteJsonAsync(
            new("list", page, found.Count > limit, found.Count > limit ? page[^1].Id : null), ConversationsJson.Wire.ConversationList);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var found = Store(context).Find(Id(context)) ?? throw Missing(context);
        var messages = found.Messages.Select(message => new MessageObject(message.Role, message.Content)).ToList();
        await context.Response.WriteJsonAsync(ConversationObject.Of(found.About, messages), ConversationsJson.Wire.ConversationObject);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        if (!Store(context).Delete(Id(context)))
            throw Missing(context);
        await context.Response.WriteJsonAsync(new(Id(context), "conversation.deleted", true), ConversationsJson.Wire.DeletedObject);
    }

    private static ConversationStore Store(HttpContext context) => context.RequestServices.GetRequiredService<ConversationStore>();

    private static string Id(HttpContext context) => (string)context.GetRouteValue("id")!;

    private static ApiException Missing(HttpContext context) => new(
        StatusCodes.Status404NotFound, $"There is no conversation '{Id(context)}'. GET /v1/conversations lists those that are kept.", "not_found", "id");
}

/// <summary>A kept conversation.</summary>
/// <param name="Id">As its client named it.</param>
/// <param name="Object">Always <c>conversation</c>.</param>
/// <param name="Model">The model that answered last.</param>
/// <param name="CreatedAt">Seconds since 1970.</param>
/// <param name="UpdatedAt">When it was last continued, in seconds since 1970.</param>
/// <param name="MessageCount">How many messages it has.</param>
/// <param name="Messages">What was said, oldest first; absent in lists.</param>
internal sealed record ConversationObject(
    string Id,
    string Object,
    string Model,
    long CreatedAt,
    long UpdatedAt,
    int MessageCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<MessageObject>? Messages)
{
    public static ConversationObject Of(Conversation about, IReadOnlyList<MessageObject>? messages) => new(
        about.Id, "conversation", about.Model, about.Created.ToUnixTimeSeconds(), about.Updated.ToUnixTimeSeconds(), about.Messages, messages);
}

/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What was said.</param>
internal sealed record MessageObject(string Role, string Content);

/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">The last continued first.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="Next">Pass it as <c>after</c> for the next page.</param>
internal sealed record ConversationList(string Object, IReadOnlyList<ConversationObject> Data, bool HasMore, string? Next);

[JsonSerializable(typeof(ConversationObject))]
[JsonSerializable(typeof(ConversationList))]
[JsonSerializable(typeof(DeletedObject))]
internal sealed partial class ConversationsJson : JsonSerializerContext
{
    public static ConversationsJson Wire { get; } = new(WireFormat.Options());
}
