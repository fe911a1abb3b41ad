namespace Impetus.MenuBar.Menu;

/// <summary>All that the menu shows, at one moment. What is null or empty has nothing to say, and no item speaks of it.</summary>
internal sealed record AppState
{
    /// <summary>What can be done in this build; an item whose service is missing is absent.</summary>
    public Services Services { get; init; }

    public ServerState Server { get; init; } = new ServerState.Stopped();

    /// <summary>The installed chat models, in the order of the list.</summary>
    public IReadOnlyList<ModelState> Models { get; init; } = [];

    /// <summary>Null while no other model is on its way.</summary>
    public ModelSwitch? Switch { get; init; }

    public PerformanceMode Mode { get; init; } = PerformanceMode.Balanced;

    /// <summary>Null while no server runs.</summary>
    public LiveFigures? Figures { get; init; }

    /// <summary>Null while nothing can be measured.</summary>
    public BenchmarkState? Benchmark { get; init; }

    /// <summary>Null where there is no library.</summary>
    public LibraryState? Library { get; init; }

    /// <summary>Whether the system runs short of memory.</summary>
    public bool LowMemory { get; init; }

    /// <summary>Why the app does less than <see cref="Mode"/> allows; null if it does not.</summary>
    public Restraint? Restraint { get; init; }

    /// <summary>The last run ended by a crash that has not been acknowledged.</summary>
    public bool LastRunCrashed { get; init; }

    /// <summary>The newer version that can be had, such as <c>2.1.0</c>; null for none.</summary>
    public string? Update { get; init; }

    /// <summary>The app has never been used before.</summary>
    public bool FirstRun { get; init; }
}

/// <summary>What this build offers beside the server itself.</summary>
[Flags]
internal enum Services
{
    None = 0,
    Dashboard = 1,
    ApiDocumentation = 2,
    Preferences = 4,
    Welcome = 8,
    Questions = 16,
    Updates = 32,
}

/// <summary>How much of the machine Impetus takes.</summary>
internal enum PerformanceMode
{
    Efficiency,
    Balanced,
    Performance,
}

/// <summary>What holds the app back, against the chosen mode.</summary>
internal enum Restraint
{
    Heat,
    LowPower,
}

/// <summary>What a running server does.</summary>
/// <param name="TokensPerSecond">Written in the last seconds, all answers together.</param>
/// <param name="ActiveRequests">Running and waiting ones.</param>
/// <param name="Memory">Who holds how much of it.</param>
/// <param name="Models">All that are in memory, encoders too.</param>
/// <param name="Uptime">Since the server started.</param>
internal sealed record LiveFigures(
    double TokensPerSecond, int ActiveRequests, MemoryFigures Memory, IReadOnlyList<ModelFigures> Models, TimeSpan Uptime);

/// <summary>Memory by its owners, in bytes.</summary>
/// <param name="Used">Of the whole process.</param>
/// <param name="Limit">What it may take.</param>
/// <param name="Kept">For prompts that begin like earlier ones.</param>
/// <param name="Working">For answers that are being written.</param>
/// <param name="Other">The program, vocabularies, the library.</param>
internal readonly record struct MemoryFigures(long Used, long Limit, long Kept, long Working, long Other);

/// <param name="Id"><c>org/name</c>.</param>
/// <param name="Bytes">In memory.</param>
/// <param name="Requests">That use it now.</param>
internal sealed record ModelFigures(string Id, long Bytes, int Requests);
