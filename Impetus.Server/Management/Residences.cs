namespace Impetus.Server.Management;

/// <summary>
/// The table of the models that are in memory, on their way there or out of it, or failed: at most one residence by id. Its members, and
/// those of the residences, are used with <see cref="Gate"/> held, except where they say that they take it.
/// </summary>
internal sealed class Residences
{
    private readonly Dictionary<string, Residence> _byId = new(StringComparer.Ordinal);

    /// <summary>Guards the table and what is in it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether nobody is let in any more.</summary>
    public bool Closed { get; set; }

    /// <summary>Raised by <see cref="Tell"/>, without the gate.</summary>
    public event Action<ResidentModel>? Changed;

    public IEnumerable<Residence> All => _byId.Values;

    public Residence? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Puts a residence in, in the place of one that has failed.</summary>
    public void Put(Residence residence) => _byId[residence.Model.Id] = residence;

    /// <summary>Puts a residence in, unless there is one or the table is closed.</summary>
    public bool TryAdd(Residence residence) => !Closed && _byId.TryAdd(residence.Model.Id, residence);

    /// <summary>Takes a residence out, if no other is in its place by now.</summary>
    public void Remove(Residence residence)
    {
        if (Find(residence.Model.Id) == residence)
            _byId.Remove(residence.Model.Id);
    }

    /// <summary>What is in the table now, by id. Takes the gate.</summary>
    public IReadOnlyList<ResidentModel> Snapshot()
    {
        lock (Gate)
            return [.. All.Select(residence => residence.Snapshot()).OrderBy(model => model.Id, StringComparer.Ordinal)];
    }

    /// <summary>How a residence is now. Takes the gate.</summary>
    public ResidentModel Snapshot(Residence residence)
    {
        lock (Gate)
            return residence.Snapshot();
    }

    /// <summary>Tells those who listen how a residence is now. Takes the gate, and lets go of it before they hear.</summary>
    public void Tell(Residence residence) => Changed?.Invoke(Snapshot(residence));
}
