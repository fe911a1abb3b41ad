using AppKit;
using CoreFoundation;
using Foundation;
using Impetus.MenuBar.App;
using Network;

namespace Impetus.MenuBar.AppKit;

/// <summary>Listens to what the system tells about the machine: heat, low power, memory, sleep, network.</summary>
internal sealed class MacConditions : IConditions, IDisposable
{
    private readonly List<NSObject> _observers = [];
    private readonly DispatchSource.MemoryPressure _memory = new(
        MemoryPressureFlags.Normal | MemoryPressureFlags.Warn | MemoryPressureFlags.Critical, DispatchQueue.MainQueue);
    private readonly NWPathMonitor _network = new();
    private Conditions _now;

    public MacConditions()
    {
        MainThread.Assert();
        _now = new Conditions { Thermal = Thermal(), LowPower = NSProcessInfo.ProcessInfo.LowPowerModeEnabled };
        _observers.Add(NSProcessInfo.Notifications.ObserveThermalStateDidChange((_, _) => Set(now => now with { Thermal = Thermal() })));
        _observers.Add(NSProcessInfo.Notifications.ObservePowerStateDidChange(
            (_, _) => Set(now => now with { LowPower = NSProcessInfo.ProcessInfo.LowPowerModeEnabled })));
        _observers.Add(NSWorkspace.Notifications.ObserveWillSleep((_, _) => Set(now => now with { Asleep = true })));
        _observers.Add(NSWorkspace.Notifications.ObserveDidWake((_, _) => Set(now => now with { Asleep = false })));
        _memory.SetEventHandler(() => Set(now => now with { Memory = Memory(_memory.PressureFlags) }));
        _memory.Resume();
        _network.SnapshotHandler = path => Set(now => now with { Offline = path.Status == NWPathStatus.Unsatisfied });
        _network.SetQueue(DispatchQueue.MainQueue);
        _network.Start();
    }

    public event Action? Changed;

    public Conditions Now
    {
        get
        {
            lock (_observers)
                return _now;
        }
    }

    public void Dispose()
    {
        foreach (var observer in _observers)
            observer.Dispose();
        _memory.Cancel();
        _network.Cancel();
    }

    // Some of these are told on other threads.
    private void Set(Func<Conditions, Conditions> change)
    {
        lock (_observers)
            _now = change(_now);
        Changed?.Invoke();
    }

    private static ThermalState Thermal() => NSProcessInfo.ProcessInfo.ThermalState switch
    {
        NSProcessInfoThermalState.Critical => ThermalState.Critical,
        NSProcessInfoThermalState.Serious => ThermalState.Serious,
        NSProcessInfoThermalState.Fair => ThermalState.Fair,
        _ => ThermalState.Nominal,
    };

    private static MemoryPressure Memory(MemoryPressureFlags flags) =>
        flags.HasFlag(MemoryPressureFlags.Critical) ? MemoryPressure.Critical
        : flags.HasFlag(MemoryPressureFlags.Warn) ? MemoryPressure.Warning
        : MemoryPressure.Normal;
}
