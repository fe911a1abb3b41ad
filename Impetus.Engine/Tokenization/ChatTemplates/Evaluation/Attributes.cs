using Impetus.Engine.Tokenization.ChatTemplates.Values;

namespace Impetus.Engine.Tokenization.ChatTemplates.Evaluation;

/// <summary>
/// Attributes and elements behind the sandbox: <c>x.name</c> looks for an attribute first and <c>x['name']</c> for an
/// element first; each falls back on the other. Attributes that begin with an underscore and methods that would change a
/// value are hidden: they are undefined, and using them is a security error.
/// </summary>
internal static class Attributes
{
    /// <summary>Attributes that every Python object has or that its kind may have, all of them unsafe.</summary>
    private static readonly HashSet<string> Internals = new(StringComparer.Ordinal)
    {
        "__class__", "__doc__", "__dir__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__init__",
        "__init_subclass__", "__new__", "__reduce__", "__reduce_ex__", "__repr__", "__setattr__", "__getattribute__",
        "__delattr__", "__sizeof__", "__str__", "__subclasshook__", "__format__", "__module__", "__dict__", "__weakref__",
    };

    private static readonly HashSet<string> CallableInternals = new(StringComparer.Ordinal)
    {
        "__call__", "__name__", "__qualname__", "__globals__", "__code__", "__closure__", "__defaults__", "__kwdefaults__",
        "__annotations__", "__builtins__", "__wrapped__", "__self__", "__func__", "__mro__", "__bases__", "__base__", "__subclasses__",
    };

    private static readonly HashSet<string> ContainerInternals = new(StringComparer.Ordinal)
    {
        "__len__", "__getitem__", "__iter__", "__contains__", "__add__", "__mul__", "__rmul__", "__reversed__", "__class_getitem__",
    };

    /// <summary><c>value.name</c>.</summary>
    public static TemplateValue Get(TemplateValue value, string name, Budget budget) =>
        FindAttribute(value, name)
        ?? value.Item(new StringValue(name), budget)
        ?? UndefinedValue.ForElement(value, new StringValue(name), budget);

    /// <summary><c>value[key]</c>.</summary>
    public static TemplateValue Item(TemplateValue value, TemplateValue key, Budget budget) =>
        value.Item(key, budget)
        ?? (key is StringValue name ? FindAttribute(value, name.Text) : null)
        ?? UndefinedValue.ForElement(value, key, budget);

    /// <summary>An attribute as the filter <c>attr</c> finds it: never an element.</summary>
    public static TemplateValue GetOnly(TemplateValue value, string name, Budget budget) =>
        FindAttribute(value, name) ?? UndefinedValue.ForElement(value, new StringValue(name), budget);

    private static TemplateValue? FindAttribute(TemplateValue value, string name)
    {
        if (name.StartsWith("__", StringComparison.Ordinal) && IsInternal(value, name))
            return UndefinedValue.ForUnsafe(value, name);
        if (value.Attribute(name) is not { } attribute)
            return null;

        return name.StartsWith('_') || value.IsMutator(name) ? UndefinedValue.ForUnsafe(value, name) : attribute;
    }

    private static bool IsInternal(TemplateValue value, string name) =>
        value is NamespaceValue ? name == "__class__"
        : Internals.Contains(name)
            || (value is not UndefinedValue
                && ((value.IsCallable && CallableInternals.Contains(name)) || (value.IsIndexable && ContainerInternals.Contains(name))));
}
