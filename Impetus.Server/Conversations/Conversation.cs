using Impetus.Server.Management;

namespace Impetus.Server.Conversations;

/// <summary>A conversation that is kept.</summary>
/// <param name="Id">As its client named it.</param>
/// <param name="Model">The model that answered last.</param>
/// <param name="Created">When it began.</param>
/// <param name="Updated">When it was last continued.</param>
/// <param name="Messages">How many it has.</param>
/// <param name="Characters">UTF-16 code units of all of them.</param>
internal sealed record Conversation(string Id, string Model, DateTimeOffset Created, DateTimeOffset Updated, int Messages, int Characters)
{
    /// <summary>The most conversations; the one that was not continued for the longest gives way to a new one.</summary>
    public const int MaxCount = 1000;

    /// <summary>The most UTF-16 code units of a conversation.</summary>
    public const int MaxCharacters = 1_000_000;

    /// <summary>The most messages of a conversation.</summary>
    public const int MaxMessages = 2000;
}

/// <summary>A conversation with what was said, oldest first.</summary>
internal sealed record KeptConversation(Conversation About, IReadOnlyList<ChatMessage> Messages);
