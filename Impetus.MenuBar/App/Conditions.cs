using Impetus.MenuBar.Menu;

namespace Impetus.MenuBar.App;

/// <summary>How hot the Mac is, in the system's own steps.</summary>
internal enum ThermalState
{
    Nominal,
    Fair,
    Serious,
    Critical,
}

/// <summary>How short memory is, in the system's own steps.</summary>
internal enum MemoryPressure
{
    Normal,
    Warning,
    Critical,
}

/// <summary>The state of the machine. The default is a machine at ease.</summary>
internal readonly record struct Conditions(ThermalState Thermal, bool LowPower, MemoryPressure Memory, bool Asleep, bool Offline);

/// <summary>Tells the state of the machine.</summary>
internal interface IConditions
{
    Conditions Now { get; }

    /// <summary>Raised after a change, on any thread.</summary>
    event Action Changed;
}

/// <summary>What the app allows itself.</summary>
/// <param name="Mode">How much of the machine the server may take.</param>
/// <param name="IngestionPaused">Whether documents wait.</param>
/// <param name="LowMemory">Whether the user is told that memory is short.</param>
/// <param name="Restraint">Why it is less than the user chose; null if it is not.</param>
internal sealed record Allowance(PerformanceMode Mode, bool IngestionPaused, bool LowMemory, Restraint? Restraint)
{
    /// <summary>
    /// Heat and low power bring the server down to efficiency, and heat stops documents too: nobody waits for those. Short memory and
    /// sleep stop documents alone.
    /// </summary>
    public static Allowance Decide(PerformanceMode chosen, Conditions conditions)
    {
        bool hot = conditions.Thermal >= ThermalState.Serious;
        bool shortOfMemory = conditions.Memory >= MemoryPressure.Warning;
        Restraint? restraint = hot ? Menu.Restraint.Heat : conditions.LowPower ? Menu.Restraint.LowPower : null;
        return new(
            restraint is null ? chosen : PerformanceMode.Efficiency,
            hot || shortOfMemory || conditions.Asleep,
            shortOfMemory,
            restraint);
    }
}
