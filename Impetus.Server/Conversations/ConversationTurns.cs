using System.Runtime.CompilerServices;
using System.Text;
using Impetus.Engine.Generation;
using Impetus.Server.Http;
using Impetus.Server.Management;
using Impetus.Server.OpenAi;

namespace Impetus.Server.Conversations;

/// <summary>Continues kept conversations, each by one request at a time. Thread safe.</summary>
internal sealed class ConversationTurns(ConversationStore store, TimeProvider time)
{
    private const int MaxIdLength = 128;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);

    /// <summary>The field of a chat request.</summary>
    public static readonly Field<string> Field = new(
        "conversation_id",
        "Keeps the conversation under this name of your own: what was said before need not be sent again. 1 to 128 characters, no slashes or control characters.",
        () => Fields.Schema("string"),
        value => value.Text(MaxIdLength) is { Length: > 0 } id && !id.Any(c => char.IsControl(c) || c == '/')
            ? id
            : throw value.Expected($"1 to {MaxIdLength} characters without slashes and control characters"));

    /// <summary>Puts what was said before in front of a request; null for a request that names no conversation. Dispose it when all is answered.</summary>
    /// <exception cref="ApiException">Another request continues it now, or it is too long.</exception>
    public ConversationTurn? Begin(ChatRequest request)
    {
        if (request.ConversationId is not { } id)
            return null;
        lock (_lock)
        {
            if (!_busy.Add(id))
            {
                throw new ApiException(
                    StatusCodes.Status409Conflict, $"The conversation '{id}' is being continued by another request. Wait for its answer.", "conversation_busy", Field.Name);
            }
        }

        try
        {
            var kept = store.Find(id)?.Messages ?? [];
            var (all, added, replaces) = Merge(kept, request.Messages);
            if (all.Count >= Conversation.MaxMessages || all.Sum(message => (long)message.Content.Length) >= Conversation.MaxCharacters)
            {
                throw ApiException.Invalid(
                    Field.Name,
                    $"The conversation '{id}' is full: it may have {Conversation.MaxMessages} messages and {Conversation.MaxCharacters} characters. Begin another.",
                    "conversation_full");
            }

            return new(this, id, kept.Count == 0 ? request : request.Saying(all), added, replaces);
        }
        catch
        {
            End(id);
            throw;
        }
    }

    /// <summary>
    /// What was kept, and then what is new. A client that sends the whole conversation again is understood, and a system message that it sends
    /// takes the place of the one that was kept.
    /// </summary>
    private static (List<ChatMessage> All, List<ChatMessage> Added, bool Replaces) Merge(IReadOnlyList<ChatMessage> kept, IReadOnlyList<ChatMessage> sent)
    {
        var oldRules = kept.Where(IsRule).ToList();
        var rules = sent.Where(IsRule).ToList();
        var said = kept.Where(message => !IsRule(message)).ToList();
        var turns = sent.Where(message => !IsRule(message)).ToList();
        var added = said.Count > 0 && turns.Count > said.Count && said.SequenceEqual(turns.Take(said.Count)) ? turns[said.Count..] : turns;
        bool replaces = kept.Count > 0 && rules.Count > 0 && !rules.SequenceEqual(oldRules);
        List<ChatMessage> all = [.. rules.Count > 0 ? rules : oldRules, .. said, .. added];
        return (all, replaces || kept.Count == 0 ? all : added, replaces);

        static bool IsRule(ChatMessage message) => message.Role == "system";
    }

    private void Keep(string id, string model, IReadOnlyList<ChatMessage> turns, bool replaces) =>
        store.Append(id, model, turns, replaces, time.GetUtcNow());

    private void End(string id)
    {
        lock (_lock)
            _busy.Remove(id);
    }

    /// <summary>One request that continues a conversation.</summary>
    internal sealed class ConversationTurn(ConversationTurns turns, string id, ChatRequest request, List<ChatMessage> added, bool replaces) : IDisposable
    {
        /// <summary>The request with what was said before.</summary>
        public ChatRequest Request { get; } = request;

        /// <summary>Passes an answer's events on, and keeps question and answer before the answer's end is told.</summary>
        public async IAsyncEnumerable<GenerationEvent> FollowAsync(
            IAsyncEnumerable<GenerationEvent> events, [EnumeratorCancellation] CancellationToken cancel = default)
        {
            var answer = new StringBuilder();
            await foreach (var step in events.WithCancellation(cancel))
            {
                if (step is TextDelta delta)
                    answer.Append(delta.Text);
                if (step is ChoiceDone)
                    turns.Keep(id, Request.Model.Id, [.. added, new("assistant", answer.ToString())], replaces);
                yield return step;
            }
        }

        public void Dispose() => turns.End(id);
    }
}
