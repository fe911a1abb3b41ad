namespace Impetus.Engine.Hardware;

/// <summary>The system's values by name, as <c>sysctl</c> prints them on a Mac. Thread safe.</summary>
public interface ISystemControl
{
    /// <summary>A text such as <c>machdep.cpu.brand_string</c>; null where the name is not known.</summary>
    string? Text(string name);

    /// <summary>A number of 32 or 64 bits such as <c>hw.memsize</c>; null where the name is not known.</summary>
    long? Number(string name);
}
