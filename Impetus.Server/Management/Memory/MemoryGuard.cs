using Impetus.Engine;
using Impetus.Server.Http;

namespace Impetus.Server.Management.Memory;

/// <summary>
/// Lets nothing begin that does not fit: what is only kept for later makes room, and where that is not enough, a refusal tells both
/// numbers. When the system gets short of memory, it gives back what it can. Thread safe.
/// </summary>
public sealed class MemoryGuard : IDisposable
{
    private readonly IMemoryPressure _pressure;
    private readonly ILogger<MemoryGuard> _log;
    private volatile IMemoryOwner? _owner;

    /// <summary>Watches the pressure from now on.</summary>
    public MemoryGuard(MemoryBudget budget, IMemoryPressure pressure, ILogger<MemoryGuard> log)
    {
        (Budget, _pressure, _log) = (budget, pressure, log);
        _pressure.Changed += Relieve;
    }

    /// <summary>What there is.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>Says who holds memory that can be had back; null: nobody any more.</summary>
    public void Guard(IMemoryOwner? owner) => _owner = owner;

    /// <summary>Makes sure that so many bytes can be taken.</summary>
    /// <param name="what">Who needs them, for the refusal.</param>
    /// <param name="needed">How many.</param>
    /// <param name="most">How many could ever be free for it.</param>
    /// <param name="remedy">What to do if they are too many.</param>
    /// <returns>Counts them as taken; to be disposed when they really are, or will not be.</returns>
    /// <exception cref="ApiException">They will never be free (400), or are not now (503).</exception>
    public async Task<IDisposable> AdmitAsync(string what, long needed, long most, string remedy)
    {
        if (needed > most)
        {
            throw ApiException.Invalid(
                null,
                $"{what} needs {ByteCount.Text(needed)} of memory, and never more than {ByteCount.Text(Math.Max(0, most))} can be free for it {OfLimit}. {remedy}",
                "out_of_memory");
        }

        if (_pressure.Level == PressureLevel.Critical)
            throw Later($"Memory is short: {ByteCount.Text(Budget.UsedBytes)} are in use {OfLimit}, and nothing new is begun. {what} needs {ByteCount.Text(needed)}.");
        if (needed > Budget.FreeBytes)
            await MakeRoomAsync(what, needed);
        return Budget.Promise(needed);
    }

    /// <summary>Watches the pressure no longer.</summary>
    public void Dispose() => _pressure.Changed -= Relieve;

    private string OfLimit => $"of the {ByteCount.Text(Budget.LimitBytes)} that this server may take (by {Budget.LimitedBy})";

    private async Task MakeRoomAsync(string what, long needed)
    {
        if (_owner is { } owner)
        {
            await owner.TrimAsync();
            while (needed > Budget.FreeBytes && await owner.UnloadOldestAsync())
            {
            }
        }

        if (needed > Budget.FreeBytes)
        {
            throw Later(
                $"{what} needs {ByteCount.Text(needed)} of memory, and {ByteCount.Text(Budget.FreeBytes)} are free {OfLimit}. "
                    + "Try again when other requests are done, or unload a model.");
        }
    }

    private static ApiException Later(string message) => ApiException.Unavailable(message, "out_of_memory", retryAfterSeconds: 5);

    private void Relieve(PressureLevel level)
    {
        if (level == PressureLevel.Normal || _owner is not { } owner)
            return;
        _log.LogWarning("Memory is short ({Level}): cached prefixes and idle models are given back", level);
        _ = Task.Run(async () =>
        {
            await owner.TrimAsync();
            while (_pressure.Level != PressureLevel.Normal && await owner.UnloadOldestAsync())
            {
            }
        });
    }
}
