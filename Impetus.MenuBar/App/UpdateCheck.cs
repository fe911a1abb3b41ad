namespace Impetus.MenuBar.App;

/// <summary>Where releases are listed, and whose word counts.</summary>
/// <param name="Feed">The appcast.</param>
/// <param name="PublicKey">As <see cref="Appcast.Read"/> takes it.</param>
/// <param name="Running">The version of this app.</param>
/// <param name="System">The version of macOS.</param>
internal sealed record UpdateSource(Uri Feed, string PublicKey, Version Running, Version System)
{
    /// <summary>
    /// What the bundle says (<c>ImpetusAppcast</c>, <c>ImpetusAppcastKey</c>); null if it lacks one of them, as a build of one's own does: then
    /// nobody looks for updates.
    /// </summary>
    /// <param name="info">Gives a key of Info.plist.</param>
    /// <param name="system">The version of macOS.</param>
    public static UpdateSource? Read(Func<string, string?> info, Version system) =>
        info("ImpetusAppcast") is { Length: > 0 } feed && info("ImpetusAppcastKey") is { Length: > 0 } key && info("CFBundleShortVersionString") is { } running
            ? new(new Uri(feed), key, Version.Parse(running), system)
            : null;
}

/// <summary>
/// Looks for a newer version, once a day if the user wants that, and at once when asked. It tells and opens the download; it replaces nothing.
/// Thread safe; <see cref="Changed"/> is raised on any thread.
/// </summary>
internal sealed class UpdateCheck : IDisposable
{
    /// <summary>Between two looks that nobody asked for.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    private readonly UpdateSource _source;
    private readonly HttpClient _client;
    private readonly ITimer _timer;

    /// <param name="source">Where to look.</param>
    /// <param name="wanted">Whether the user wants to be told without asking.</param>
    /// <param name="time">Measures the day.</param>
    /// <param name="handler">Sends the requests; by default the system's own.</param>
    public UpdateCheck(UpdateSource source, Func<bool> wanted, TimeProvider time, HttpMessageHandler? handler = null)
    {
        _source = source;
        _client = new(handler ?? new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = Appcast.MaxBytes };
        _timer = time.CreateTimer(_ => OnTick(wanted), null, TimeSpan.FromMinutes(1), Interval);
    }

    /// <summary>Raised after <see cref="Available"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>The version of this app.</summary>
    public Version Running => _source.Running;

    /// <summary>The newer version that was found; null if none was.</summary>
    public Release? Available { get; private set; }

    /// <summary>Looks now.</summary>
    /// <returns>A newer version that this Mac can run; null if this is the newest.</returns>
    /// <exception cref="IOException">Nobody answers, or what is said cannot be believed; the message says which.</exception>
    public async Task<Release?> LookAsync(CancellationToken cancel = default)
    {
        try
        {
            var release = Appcast.Read(await _client.GetByteArrayAsync(_source.Feed, cancel), _source.PublicKey);
            Available = release.Version > _source.Running && release.MinimumSystem <= _source.System ? release : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or FormatException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            throw new IOException(fault.Message, fault);
        }

        Changed?.Invoke();
        return Available;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _client.Dispose();
    }

    // Nobody asked: without a network nothing is said, and tomorrow is another day.
    private async void OnTick(Func<bool> wanted)
    {
        try
        {
            if (wanted())
                await LookAsync();
        }
        catch (IOException)
        {
        }
    }
}
