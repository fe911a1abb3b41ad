using Impetus.Server.Hosting;
using Impetus.Server.Http;
using Impetus.Server.Management;
using LiteDB;

namespace Impetus.Server.Conversations;

/// <summary>
/// Conversations on disk: <c>state/conversations.db</c>, opened when it is first needed. What <see cref="Append"/> wrote is durable when it
/// returns. LiteDB locks no file and dies of concurrent use, so that a lock file keeps other processes out and one lock keeps threads apart;
/// after an exception of its own it is opened anew. Thread safe.
/// </summary>
internal sealed class ConversationStore(DataDirectory data, int maxCount = Conversation.MaxCount) : IDisposable
{
    private readonly Lock _lock = new();
    private FileStream? _held;
    private LiteDatabase? _database;

    private string File => Path.Combine(data.State, "conversations.db");

    /// <summary>A conversation; null where there is none.</summary>
    public KeptConversation? Find(string id) => Use(database =>
        About(database).FindById(id) is { } found ? new KeptConversation(Read(found), [.. Turns(database, id).Select(ReadTurn)]) : null);

    /// <summary>Conversations, the last continued first: those behind one, or from the beginning where that is unknown.</summary>
    public IReadOnlyList<Conversation> List(int limit, string? after) => Use<IReadOnlyList<Conversation>>(database =>
    {
        var all = About(database).FindAll().Select(Read).OrderByDescending(item => item.Updated).ThenBy(item => item.Id, StringComparer.Ordinal).ToList();
        return [.. all.Skip(all.FindIndex(item => item.Id == after) + 1).Take(limit)];
    });

    /// <summary>Adds turns to a conversation, which begins where there is none.</summary>
    /// <param name="id">Of the conversation.</param>
    /// <param name="model">That answered.</param>
    /// <param name="turns">In their order.</param>
    /// <param name="replace">Whether they take the place of what was said before.</param>
    /// <param name="now">The time.</param>
    public void Append(string id, string model, IReadOnlyList<ChatMessage> turns, bool replace, DateTimeOffset now) => Use(database =>
    {
        database.BeginTrans();
        var before = About(database).FindById(id) is { } found ? Read(found) : null;
        if (before is null)
            MakeRoom(database);
        else if (replace)
            DeleteTurns(database, id);
        var kept = replace ? null : before;
        for (int i = 0; i < turns.Count; i++)
        {
            database.GetCollection("turns").Insert(new BsonDocument
            {
                ["conversation"] = id,
                ["ordinal"] = (kept?.Messages ?? 0) + i,
                ["role"] = turns[i].Role,
                ["content"] = turns[i].Content,
            });
        }

        About(database).Upsert(Write(new Conversation(
            id, model, before?.Created ?? now, now, (kept?.Messages ?? 0) + turns.Count, (kept?.Characters ?? 0) + turns.Sum(turn => turn.Content.Length))));
        database.Commit();
        return true;
    });

    /// <summary>Deletes a conversation, its text overwritten first; false where there was none.</summary>
    public bool Delete(string id) => Use(database =>
    {
        if (About(database).FindById(id) is null)
            return false;
        database.BeginTrans();
        Delete(database, id);
        database.Commit();
        // What was said stands in the log until it is folded into the file.
        database.Checkpoint();
        return true;
    });

    public void Dispose()
    {
        lock (_lock)
        {
            Close();
            _held?.Dispose();
            _held = null;
        }
    }

    private T Use<T>(Func<LiteDatabase, T> work)
    {
        lock (_lock)
        {
            try
            {
                return work(Open());
            }
            catch (Exception fault) when (fault is not ApiException)
            {
                // A damaged file makes LiteDB throw whatever comes to pass.
                Close();
                throw new ApiException(
                    StatusCodes.Status500InternalServerError,
                    $"The conversations in {File} cannot be used: {fault.Message} If this stays, move the file away; the server makes a new one.",
                    "conversations_unusable");
            }
        }
    }

    private LiteDatabase Open()
    {
        if (_database is not null)
            return _database;
        data.Ensure(data.State);
        try
        {
            _held ??= new FileStream(File + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw ApiException.Unavailable($"Another program uses {File}. Quit the other Impetus and try again.", "conversations_locked", retryAfterSeconds: 5);
        }

        _database = new(new ConnectionString { Filename = File, Connection = ConnectionType.Direct });
        _database.GetCollection("turns").EnsureIndex("conversation");
        return _database;
    }

    private void Close()
    {
        _database?.Dispose();
        _database = null;
    }

    private void MakeRoom(LiteDatabase database)
    {
        var about = About(database);
        if (about.Count() < maxCount)
            return;
        foreach (var oldest in about.FindAll().Select(Read).OrderBy(item => item.Updated).Take(about.Count() - maxCount + 1).ToList())
            Delete(database, oldest.Id);
    }

    private static void Delete(LiteDatabase database, string id)
    {
        DeleteTurns(database, id);
        About(database).Delete(id);
    }

    // A deleted row's bytes stay in its page until others need the room.
    private static void DeleteTurns(LiteDatabase database, string id)
    {
        var turns = database.GetCollection("turns");
        foreach (var turn in Turns(database, id).ToList())
        {
            turn["content"] = new string(' ', System.Text.Encoding.UTF8.GetByteCount(turn["content"].AsString));
            turns.Update(turn);
            turns.Delete(turn["_id"]);
        }
    }

    private static ILiteCollection<BsonDocument> About(LiteDatabase database) => database.GetCollection("conversations");

    private static IEnumerable<BsonDocument> Turns(LiteDatabase database, string id) =>
        database.GetCollection("turns").Find(Query.EQ("conversation", id)).OrderBy(turn => turn["ordinal"].AsInt32);

    private static ChatMessage ReadTurn(BsonDocument turn) => new(turn["role"].AsString, turn["content"].AsString);

    private static Conversation Read(BsonDocument about) => new(
        about["_id"].AsString, about["model"].AsString, DateTimeOffset.FromUnixTimeMilliseconds(about["created"].AsInt64),
        DateTimeOffset.FromUnixTimeMilliseconds(about["updated"].AsInt64), about["messages"].AsInt32, about["characters"].AsInt32);

    private static BsonDocument Write(Conversation about) => new()
    {
        ["_id"] = about.Id,
        ["model"] = about.Model,
        ["created"] = about.Created.ToUnixTimeMilliseconds(),
        ["updated"] = about.Updated.ToUnixTimeMilliseconds(),
        ["messages"] = about.Messages,
        ["characters"] = about.Characters,
    };
}
